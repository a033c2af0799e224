import type { Attributes, ToxicType } from './toxics/index.ts'

/** The way that bytes go: `upstream` from client to server, `downstream` back. */
export type Direction = 'upstream' | 'downstream'

/** One toxic on one proxy. Its attributes and toxicity change in place, and every stage reads them there. */
export interface Toxic {
  readonly name: string
  readonly type: ToxicType
  readonly direction: Direction
  /** The direction as it was sent, which is how it is echoed. */
  readonly stream: string
  /** The share of connections that it acts on: 1 is every one, 0 none. Not limited to that range. */
  toxicity: number
  attributes: Attributes
}
