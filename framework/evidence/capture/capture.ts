import { Redactor } from '#core'
import { defaultIdentityHeaders, type IdentityHeaders } from '#topology'
import type { Exchange } from '../exchange.ts'
import { currentAttempt, enterIn, runIn } from './attempts.ts'
import { observeHttp } from './http.ts'
import { Ledger } from './ledger.ts'
import { observeUndici } from './undici.ts'

export interface CaptureOptions {
  /** The service behind a `host:port` (the port always given), when it is one of the topology's. */
  readonly targetOf: (host: string) => string | undefined
  /** Takes secrets out of what is kept. */
  readonly redact?: (text: string) => string
  /** Addresses, as `host:port`, whose traffic isn't the tests': Faultline's own. */
  readonly ignores?: (host: string) => boolean
  /** Most exchanges that are kept for one attempt. */
  readonly most?: number
  /** Headers in which the application stamps its answers. */
  readonly identityHeaders?: Partial<IdentityHeaders>
}

/** Records the exchanges of this process, tied to the attempts that caused them. */
export interface Capture extends Disposable {
  /** Runs `fn`; what it exchanges, also in the background, belongs to the attempt. */
  run<T>(attempt: string, fn: () => T): T
  /** The rest of the current asynchronous execution belongs to the attempt. */
  enter(attempt: string): void
  /** The attempt's exchanges so far, by their beginning; what is still under way counts as `aborted`. Forgets them. */
  take(attempt: string): Exchange[]
  /** What could be tied to no attempt. Forgets them. */
  takeUnattributed(): Exchange[]
  /**
   * Adds an exchange that a client observed itself. Without `attempt` it belongs to the attempt that the running code
   * belongs to; events of a browser page come outside of every one, and have to say.
   */
  noteExchange(exchange: Exchange, attempt?: string): void
}

/**
 * Begins to record what this process exchanges with others: `fetch`, `WebSocket`, `node:http` and what is built on
 * them, without touching the clients. Dispose it to stop.
 */
export function startCapture(options: CaptureOptions): Capture {
  const urls = new Redactor()
  const ledger = new Ledger({
    most: options.most ?? 500,
    identityHeaders: lowerCased({ ...defaultIdentityHeaders, ...options.identityHeaders }),
    redact: options.redact ?? ((text) => urls.text(text)),
  })
  const source = { ledger, targetOf: options.targetOf, ignores: options.ignores ?? (() => false) }
  const stops = [observeUndici(source), observeHttp(source)]
  return {
    run: runIn,
    enter: enterIn,
    take: (attempt) => ledger.take(attempt),
    takeUnattributed: () => ledger.takeUnattributed(),
    noteExchange: (exchange, attempt = currentAttempt()) => ledger.note(attempt, exchange),
    [Symbol.dispose]() {
      for (const stop of stops) stop()
    },
  }
}

function lowerCased(names: IdentityHeaders): IdentityHeaders {
  return {
    build: names.build.toLowerCase(),
    instance: names.instance.toLowerCase(),
    startedAt: names.startedAt.toLowerCase(),
  }
}
