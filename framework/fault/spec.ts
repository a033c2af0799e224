import type { LinkName } from '#topology'

/** When a fault is on, in ms from the first test body; `before` is from bring-up on. `toMs` null is the end of the run. */
export type FaultWindow =
  | { readonly kind: 'before'; readonly text: string }
  | { readonly kind: 'span'; readonly text: string; readonly fromMs: number; readonly toMs: number | null }

/** Faults on a link. `latency` has an amount in ms. */
export type LinkFaultName = 'link-down' | 'link-silent' | 'latency' | 'reset'

/** Faults on a service, or on the `agent` or `monitor`. */
export type ServiceFaultName = 'stopped' | 'frozen' | 'killed' | 'restarted'

/** Faults on the machine that runs the tests. */
export type RunnerFaultName = 'cpu'

export interface LinkFaultSpec {
  /** As it was written. */
  readonly text: string
  readonly fault: LinkFaultName
  readonly amountMs?: number
  readonly target: { readonly kind: 'link'; readonly name: LinkName }
  readonly window: FaultWindow
}

/** A profile on a link: several toxics, with their schedules. */
export interface ProfileFaultSpec {
  readonly text: string
  readonly fault: 'profile'
  /** One of {@link profiles}. */
  readonly profile: string
  readonly target: { readonly kind: 'link'; readonly name: LinkName }
  readonly window: FaultWindow
}

export interface ServiceFaultSpec {
  readonly text: string
  readonly fault: ServiceFaultName
  readonly target: { readonly kind: 'service'; readonly name: string }
  readonly window: FaultWindow
}

export interface RunnerFaultSpec {
  readonly text: string
  readonly fault: RunnerFaultName
  readonly target: { readonly kind: 'runner'; readonly name: 'runner' }
  readonly window: FaultWindow
}

/** One disturbance that a run was asked for: what, where, when. Plain data. */
export type FaultSpec = LinkFaultSpec | ProfileFaultSpec | ServiceFaultSpec | RunnerFaultSpec
