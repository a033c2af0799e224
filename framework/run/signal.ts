import type { EpochMs } from '#core'

/** What kind of fact a signal is; the corpus uses the same words. */
export type SignalKind =
  | 'errno'
  | 'sqlstate'
  | 'ws-close'
  | 'http-status'
  | 'net-err'
  | 'tls'
  | 'timeout'
  | 'assertion'
  | 'selector'
  | 'docker'
  | 'resource'
  | 'runtime'
  | 'message'

/**
 * What many codes have in common: one fault wears many codes.
 * `peer-gone`: refused, reset or closed at the start. `no-answer`: silence until a limit. `cut-short`: broken off in the middle.
 * `name-gone`: no such name. `answered-error`: somebody answered that it failed. `wrong-value`: a well-formed answer
 * that isn't the expected one. `misuse`: the caller's own mistake. `trust`: TLS. `starved`: no processor, memory, files.
 * `unknown`: none of these.
 */
export type FaultFamily =
  | 'peer-gone'
  | 'no-answer'
  | 'cut-short'
  | 'name-gone'
  | 'answered-error'
  | 'wrong-value'
  | 'misuse'
  | 'trust'
  | 'starved'
  | 'unknown'

/** Whose conversation the signal is from. */
export type SignalRole = 'edge' | 'dependency' | 'double' | 'third-party' | 'host'

/** In which part of the test it came up. */
export type SignalPhase = 'set-up' | 'act' | 'assert' | 'tear-down'

/** One low-level fact of a failed attempt. */
export interface Signal {
  readonly kind: SignalKind
  /** As the source wrote it: `ECONNREFUSED`, `57P01`, `1006`, `503`. */
  readonly code: string
  /** Ours, stable over libraries: `NET.CONN_REFUSED`. */
  readonly stableCode: string
  readonly family: FaultFamily
  /** The text that it was read from, redacted. */
  readonly match: string
  readonly host?: string
  readonly port?: number
  readonly role?: SignalRole
  readonly phase?: SignalPhase
  /** Where it lies in time, when that is known. */
  readonly at?: EpochMs
  /** A consequence of an earlier signal: kept for people, dropped for judgement. */
  readonly consequence?: true
}
