import { DeadlineExceeded, now, orAbort, type Redactor } from '#core'
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
    const attempt = { opened: false }
    using limit = lookLimit(this.target.timeoutMs, signal)
    let finding: Finding
    try {
      finding = await this.#find(connection, opener, stopwatch, limit.signal, attempt)
    } catch (error) {
      signal.throwIfAborted()
      finding = error instanceof DeadlineExceeded ? silence(error, stopwatch.phases) : findingOf(error)
    }
    const phases = stopwatch.phases
    const outcome = finding.outcome === 'ok' && phases.totalMs > this.target.slowMs ? 'slow' : finding.outcome
    const { target, link, vantage } = this.target
    return {
      at,
      target,
      ...(link === undefined ? {} : { link }),
      vantage,
      connection: attempt.opened && isGood(outcome) ? 'new' : connection,
      phases,
      ...finding,
      outcome,
      ...(finding.detail === undefined ? {} : { detail: this.#redactor.text(finding.detail) }),
    }
  }

  async #find(
    connection: ConnectionKind,
    opener: Opener,
    stopwatch: Stopwatch,
    signal: AbortSignal,
    attempt: { opened: boolean },
  ): Promise<Finding> {
    const kept = connection === 'kept' ? this.#takeKept() : undefined
    if (kept?.end?.kind === 'lost') return kept.end.finding
    if (kept !== undefined && kept.end === undefined) {
      try {
        return await this.#ask(kept, connection, stopwatch, signal)
      } catch (error) {
        if (signal.aborted || endOf(kept)?.kind !== 'agreed') throw error
      }
    }
    attempt.opened = true
    stopwatch.restart()
    return this.#ask(await opener(stopwatch, signal), connection, stopwatch, signal)
  }

  /** The kept channel, which is nobody's until an answer came over it. */
  #takeKept(): Channel | undefined {
    const kept = this.#kept
    this.#kept = undefined
    return kept
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

/** Read by a function, since the compiler holds on to what a getter said before. */
function endOf(channel: Channel): Channel['end'] {
  return channel.end
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
