import type { EntryCommand } from '#core'
import type { Held } from './holding.ts'

/** The owner's first line to its keeper. */
export interface KeeperConfig {
  readonly leaseId: string
  readonly folders: readonly string[]
  /** Removes what a run has elsewhere, as with a Docker engine; gets the lease's id as its last argument. */
  readonly cleanUp?: EntryCommand | undefined
  /** How long processes have to end by themselves. */
  readonly graceMs: number
  /** Whether it answers on a control address, keeps ports free, and says where. */
  readonly serves: boolean
}

/** The owner's further lines. The end of the pipe, for whatever reason, means: end everything. */
export type KeeperCommand = { readonly hold: Held } | { readonly holdFolder: string }

/** The only line of a keeper that serves: where its control listener is, and the ports that it keeps free for the run. */
export interface KeeperReady {
  readonly controlUrl: string
  readonly ports: PortBlock
}

/** `size` ports from `first` on, on 127.0.0.1; the keeper listens on the one before `first`. */
export interface PortBlock {
  readonly first: number
  readonly size: number
}
