import type { EpochMs } from '#core'
import type { JournalRecord } from '#journal'
import type { LinkName } from '#topology'

/** Where a look is taken from: beside the tests, beside the application on its own egress, or beside the service. */
export type Vantage = 'runner' | 'app-side' | 'service-side'

/**
 * How a look ended.
 * `ok` and `slow`: an answer in the service's own protocol. `unwell`: it answered in its own protocol that
 * it can't serve (HTTP 5xx, SQLSTATE 57P03, 53300). `refused`, `no-answer`, `cut`, `name-gone`: the fault families of
 * a path or a peer. `auth`, `misconfigured`: somebody answered, and the look itself was not acceptable.
 */
export type Outcome =
  | 'ok'
  | 'slow'
  | 'unwell'
  | 'refused'
  | 'no-answer'
  | 'cut'
  | 'name-gone'
  | 'auth'
  | 'misconfigured'

/** Durations in ms of the phases that were reached. */
export interface Phases {
  readonly dnsMs?: number
  readonly connectMs?: number
  readonly tlsMs?: number
  /** From the request until the first byte of the answer. */
  readonly firstByteMs?: number
  readonly totalMs: number
}

/** What an owned service stamps on its answers. */
export interface Identity {
  readonly build?: string
  readonly instance?: string
  /** When the instance began, as it says itself, on its own clock. */
  readonly startedAt?: EpochMs
}

/** Who holds the sessions of a database server, as the server itself counts them. */
export interface Sessions {
  readonly sessions: number
  /** Of another user, on another database: not the application's, nor its other instances'. */
  readonly others: number
  /** How many there may be. */
  readonly slots: number
  /** How long after the look's answer the count came, in ms: ages are as of some moment in between. */
  readonly tookMs?: number
  /** Who uses the server, those who asked it last first; at most 20, and only those that name themselves. */
  readonly users?: readonly SessionUser[]
}

/** The sessions of one `application_name` that a database server counted, without Faultline's own. Ages are by the server's clock. */
export interface SessionUser {
  readonly name: string
  /** How many sessions that have asked something. */
  readonly sessions: number
  /** Since the youngest of them began, in ms. */
  readonly youngestMs: number
  /** The session that asked last: the server's number for it, and since when it stands and its query began, in ms. */
  readonly last: { readonly session: number; readonly ageMs: number; readonly queryMs: number }
}

/** One look at one target. A look that fails is an observation, not an exception. */
export interface Observation {
  /** When the look began, on the observer's clock. */
  readonly at: EpochMs
  /** A service name, or `control`: a target behind no link, that tells the observer's own network from everybody's. */
  readonly target: string
  /** The link that the look went over; absent for a look past every link (an owned address, the control). */
  readonly link?: LinkName
  readonly vantage: Vantage
  /**
   * A connection made for this look, or one kept open from an earlier look. A look that had to open its kept connection
   * and was answered says `new`: only an answer over a connection that was kept shows that kept ones live.
   */
  readonly connection: 'new' | 'kept'
  readonly outcome: Outcome
  readonly phases: Phases
  /** How many bytes the look carried each way, when it was a large one: a path may pass small messages only. */
  readonly bytes?: number
  /** The raw code behind a bad outcome: errno, SQLSTATE, HTTP status, TLS code. */
  readonly code?: string
  /** One redacted sentence for people. */
  readonly detail?: string
  readonly identity?: Identity
  /** A database server's own count, on large looks. */
  readonly sessions?: Sessions
  /** The error of the observer's clock against the runner's, in ms; it widens every window that this look bounds. */
  readonly clockErrorMs?: number
}

/** Outcomes after which the service was seen to answer as it should. */
export function isGood(outcome: Outcome): boolean {
  return outcome === 'ok' || outcome === 'slow'
}

/**
 * One reading of the runner's own state.
 * `lagMs`: how late a timer fired; `cpuShare`: CPU time ÷ wall time of the sampled process since the reading
 * before, 0–1 and more; high lag with a low share means that the process was denied the processor, high lag with a
 * share near 1 that its own code held the loop.
 */
export interface RunnerSample {
  readonly at: EpochMs
  /** `probe`: the runner's own probe process; `worker:<n>`: a test worker's sampler, outside test code. */
  readonly process: string
  readonly lagMs: number
  readonly cpuShare: number
  readonly loopbackMs?: number
  readonly dnsMs?: number
  readonly clockStepMs?: number
}

export type ObservationRecord = JournalRecord<'observation', Observation>
export type RunnerSampleRecord = JournalRecord<'runner-sample', RunnerSample>
