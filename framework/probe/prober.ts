import { DeadlineExceeded, type EpochMs, now, orAbort, type Redactor } from '#core'
import type { Channel } from './channel.ts'
import { findingOf } from './families.ts'
import type { Finding } from './finding.ts'
import { lookLimit } from './limit.ts'
import { openerFor } from './looks/open.ts'
import { isGood, type Observation, type Phases } from './observation.ts'
import { Sharing } from './sharing.ts'
import { Stopwatch } from './stopwatch.ts'
import { type LookLimits, type ProbeTarget, redactorFor } from './target.ts'

export type ConnectionKind = Observation['connection']

/** Looks at one target, and keeps one connection to it between looks. */
export interface Prober extends AsyncDisposable {
  readonly target: LookLimits
  /**
   * Looks once, on a connection of its own or on the kept one. What goes wrong is an observation and comes within the
   * target's `timeoutMs`; it rejects only with `signal.reason`, when the caller gives up: then nothing was seen.
   *
   * Looks of one kind that overlap are one look. A kept connection that was lost since the last look is the finding of
   * the next one; after that it is opened again. A good answer over a connection that had to be opened says
   * `connection: 'new'`, since it doesn't show that a kept connection lives.
   */
  look(connection: ConnectionKind, signal: AbortSignal): Promise<Observation>
}

/** Opens what one look needs; the real one speaks the target's protocol. */
export type Opener = (stopwatch: Stopwatch, signal: AbortSignal) => Promise<Channel>

/** A prober for a target that is reached by one of the built-in protocols. */
export function createProber(target: ProbeTarget): Prober {
  const redactor = redactorFor(target)
  return new ChannelProber(target, redactor, async () => {
    const open = await openerFor(target.protocol)
    return (stopwatch, signal) => open(target, stopwatch, signal)
  })
}

/** What a look found, and over which kind of connection. */
interface Seen {
  readonly finding: Finding
  readonly connection: ConnectionKind
}

/** Looks over channels of any kind: one for each new look, and one that it keeps. */
export class ChannelProber implements Prober {
  readonly target: LookLimits
  readonly #redactor: Redactor
  readonly #loadOpener: () => Promise<Opener>
  readonly #looks = { new: new Sharing<Observation>(), kept: new Sharing<Observation>() }
  #disposed: Error | undefined
  #kept: Channel | undefined

  constructor(target: LookLimits, redactor: Redactor, loadOpener: () => Promise<Opener>) {
    this.target = target
    this.#redactor = redactor
    this.#loadOpener = loadOpener
  }

  async look(connection: ConnectionKind, signal: AbortSignal): Promise<Observation> {
    if (this.#disposed) throw this.#disposed
    return this.#looks[connection].join(signal, (shared) => this.#look(connection, shared))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = new Error('the prober was disposed')
    this.#looks.new.abort(this.#disposed)
    this.#looks.kept.abort(this.#disposed)
    this.#kept?.close()
    this.#kept = undefined
  }

  async #look(connection: ConnectionKind, signal: AbortSignal): Promise<Observation> {
    const opener = await this.#loadOpener()
    const at = now()
    const stopwatch = new Stopwatch()
    using limit = lookLimit(this.target.timeoutMs, signal)
    let seen: Seen
    try {
      seen = await this.#see(connection, opener, stopwatch, limit.signal)
    } catch (error) {
      signal.throwIfAborted()
      const isSilence = error instanceof DeadlineExceeded
      seen = { connection, finding: isSilence ? silence(error, stopwatch.phases) : findingOf(error) }
    }
    return this.#observation(at, seen, stopwatch)
  }

  #observation(at: EpochMs, { finding, connection }: Seen, { phases, bytes }: Stopwatch): Observation {
    const { target, link, vantage, slowMs } = this.target
    return {
      at,
      target,
      ...(link === undefined ? {} : { link }),
      vantage,
      connection,
      phases,
      ...(bytes === undefined ? {} : { bytes }),
      ...finding,
      outcome: finding.outcome === 'ok' && phases.totalMs > slowMs ? 'slow' : finding.outcome,
      ...(finding.detail === undefined ? {} : { detail: this.#redactor.text(finding.detail) }),
    }
  }

  async #see(
    connection: ConnectionKind,
    opener: Opener,
    stopwatch: Stopwatch,
    signal: AbortSignal,
  ): Promise<Seen> {
    if (connection === 'kept') {
      const seen = await this.#seeKept(stopwatch, signal)
      if (seen !== undefined) return { finding: seen, connection }
    }
    stopwatch.restart()
    const finding = await this.#ask(await opener(stopwatch, signal), connection, stopwatch, signal)
    return { finding, connection: isGood(finding.outcome) ? 'new' : connection }
  }

  /** What the kept channel says, or `undefined` when there is none, or none any more by agreement. */
  async #seeKept(stopwatch: Stopwatch, signal: AbortSignal): Promise<Finding | undefined> {
    const kept = this.#kept
    if (kept === undefined) return undefined
    // It is nobody's until an answer came over it.
    this.#kept = undefined
    if (kept.end?.kind === 'lost') {
      kept.close()
      return kept.end.finding
    }
    try {
      return await this.#ask(kept, 'kept', stopwatch, signal)
    } catch (error) {
      if (signal.aborted || kept.end?.kind !== 'agreed') throw error
      return undefined
    }
  }

  async #ask(
    channel: Channel,
    connection: ConnectionKind,
    stopwatch: Stopwatch,
    signal: AbortSignal,
  ): Promise<Finding> {
    let keep = false
    try {
      const finding = await orAbort(channel.ask(stopwatch), signal)
      stopwatch.stop()
      keep = connection === 'kept' && channel.end === undefined
      return finding
    } finally {
      if (keep) this.#kept = channel
      else channel.close()
    }
  }
}

/** Tells how far a look came that ended in silence. */
function silence(error: DeadlineExceeded, phases: Phases): Finding {
  const reached =
    phases.firstByteMs !== undefined
      ? 'an answer began and did not end'
      : phases.tlsMs !== undefined
        ? 'TLS was agreed, then no byte of an answer'
        : phases.connectMs !== undefined
          ? 'connected, then no byte of an answer'
          : 'no connection'
  return { outcome: 'no-answer', code: error.code, detail: `${reached} within ${error.limitMs} ms` }
}
