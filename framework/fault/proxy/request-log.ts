import { type EpochMs, now } from '#core'
import { HttpReader, responseRest, statusOf } from './protocol/http-reader.ts'

/**
 * How a request ended. `open`: it hasn't. `upgraded`: the connection speaks another protocol since, as WebSocket.
 * `broken-off`: the connection was lost amid the answer; `unanswered`: before it.
 */
export type RequestOutcome = 'open' | 'answered' | 'upgraded' | 'broken-off' | 'unanswered'

/** One HTTP/1.1 request through a proxy. Times are epoch ms. */
export interface RequestEntry {
  /** 1 for the first that the proxy saw. */
  readonly id: number
  /** The `id` of its connection. */
  readonly connection: number
  /** `address:port` of the client. */
  readonly client: string
  readonly method: string
  /** Without the query: that may hold secrets. */
  readonly path: string
  readonly startedAt: EpochMs
  /** When the final answer's head had come; null until then. */
  readonly answeredAt: EpochMs | null
  /** When the answer was complete, the connection upgraded or lost; null until then. */
  readonly endedAt: EpochMs | null
  /** Null without an answer. */
  readonly status: number | null
  readonly outcome: RequestOutcome
}

type Draft = { -readonly [K in keyof RequestEntry]: RequestEntry[K] }

const depth = 1000

/** The record of one proxy's requests: counts all, remembers the last 1000. */
export class RequestLog {
  #entries: Draft[] = []
  #count = 0

  #failed = 0

  get count(): number {
    return this.#count
  }

  /** How many were lost without a whole answer, or answered 500 and above. */
  get failed(): number {
    return this.#failed
  }

  /** The last requests, oldest first. */
  entries(): RequestEntry[] {
    return this.#entries.slice(-depth).map((entry) => ({ ...entry }))
  }

  observe(connection: number, client: string): RequestObserver {
    const add = (method: string, path: string) => {
      const entry: Draft = {
        ...{ id: ++this.#count, connection, client, method, path, startedAt: now() },
        ...{ answeredAt: null, endedAt: null, status: null, outcome: 'open' },
      }
      this.#entries.push(entry)
      if (this.#entries.length > 2 * depth) this.#entries = this.#entries.slice(-depth)
      return entry
    }
    return new RequestObserver(add, () => this.#failed++)
  }
}

/** Follows the requests of one connection; changes nothing. */
export class RequestObserver {
  readonly #add: (method: string, path: string) => Draft
  readonly #failed: () => void
  readonly #unanswered: Draft[] = []
  readonly #requests = new HttpReader()
  readonly #responses = new HttpReader((head) => {
    const rest = responseRest(head, this.#unanswered[0]?.method)
    this.#endsByClose = rest.kind === 'length' && rest.left === Number.POSITIVE_INFINITY
    return rest
  })
  /** Whether the answer under way is as long as the connection lasts. */
  #endsByClose = false

  constructor(add: (method: string, path: string) => Draft, failed: () => void) {
    this.#add = add
    this.#failed = failed
  }

  asked(bytes: Buffer): void {
    for (const part of this.#requests.read(bytes)) {
      if (part.kind !== 'head') continue
      const [method = '', target = ''] = part.head.startLine.split(' ')
      this.#unanswered.push(this.#add(method, target.split('?', 1)[0]!))
    }
  }

  answered(bytes: Buffer): void {
    let isInterim = false
    for (const part of this.#responses.read(bytes)) {
      const entry = this.#unanswered[0]
      if (part.kind === 'head') {
        const status = statusOf(part.head)
        isInterim = status < 200 && status !== 101
        if (!entry || isInterim) continue
        entry.status = status
        entry.answeredAt = now()
        if (status === 101) this.#end(entry, 'upgraded')
      } else if (part.kind === 'end' && !isInterim) {
        const done = this.#unanswered.shift()
        if (done) this.#end(done, 'answered')
      }
    }
  }

  closed(): void {
    for (const entry of this.#unanswered.splice(0))
      this.#end(
        entry,
        entry.answeredAt === null ? 'unanswered' : this.#endsByClose ? 'answered' : 'broken-off',
      )
  }

  /** The first end counts: what follows an upgrade isn't the request's. */
  #end(entry: Draft, outcome: Exclude<RequestOutcome, 'open'>): void {
    if (entry.outcome !== 'open') return
    entry.endedAt = now()
    entry.outcome = outcome
    if (outcome === 'unanswered' || outcome === 'broken-off' || (entry.status ?? 0) >= 500) this.#failed()
  }
}
