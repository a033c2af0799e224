import { FaultlineError } from '#core'
import { createObservedHttp, type HttpAnswer } from '#evidence'
import type { TestInit } from '../infrastructure-aware-test.ts'
import type { Power } from './power.ts'
import { timeLimits } from './time-limits.ts'

/** Options of one request. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the request; the test's own end always does. */
  readonly signal?: AbortSignal
  /** A limit of the test's own, in ms, until the whole answer is there. */
  readonly timeoutMs?: number
}

/** An answer, whatever its status: `status`, `headers`, `text`, and the body by `json()`. */
export interface Reply extends HttpAnswer {
  /** This reply, when its status is 2xx; throws {@link UnexpectedStatus} else. What `patiently` needs to try again. */
  ok(): Reply
}

/** An answer that wasn't 2xx where one was asked for by `ok()`. */
export class UnexpectedStatus extends Error {
  readonly status: number
  constructor(operation: string, reply: { status: number; text: string }) {
    super(`${operation} answered ${reply.status}: ${reply.text.slice(0, 200)}`)
    this.name = 'UnexpectedStatus'
    this.status = reply.status
  }
}

/** A client of the entry. Bodies that aren't strings are sent as JSON; nothing is thrown for a status. */
export interface Http {
  get(path: string, options?: RequestOptions): Promise<Reply>
  delete(path: string, options?: RequestOptions): Promise<Reply>
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
  /** The same client, sending these headers with every request: `t.http.withHeaders({ authorization })`. */
  withHeaders(headers: Readonly<Record<string, string>>): Http
}

/** The power to talk HTTP with the entry: `t.http`. */
export const http: Power<'http', Http> = { name: 'http', create: (init) => createHttp(init) }

/** A client of the entry for one test. */
export function createHttp(init: TestInit, headers: Readonly<Record<string, string>> = {}): Http {
  const { scope, signal } = init
  const { entry } = scope.settings
  const client = createObservedHttp({
    baseUrl: entryUrl(entry?.url),
    note: (exchange) => scope.noteExchange(exchange),
    headers,
    ...(entry && { target: entry.service }),
  })
  const limited = async (
    operation: string,
    options: RequestOptions,
    send: (signal: AbortSignal) => Promise<HttpAnswer>,
  ): Promise<Reply> => {
    const limits = timeLimits(signal, options)
    try {
      const answer = await send(limits.signal)
      const overrun = limits.overrun(`${operation}: no answer`)
      if (overrun) throw overrun
      return replyOf(operation, answer)
    } catch (error) {
      throw limits.met(`${operation}: no answer`) ?? error
    }
  }
  const bare =
    (method: 'get' | 'delete'): Http['get'] =>
    (path, options = {}) =>
      limited(`${method.toUpperCase()} ${path}`, options, (all) =>
        client[method](path, { headers: options.headers ?? {}, signal: all }),
      )
  const withBody =
    (method: 'post' | 'put' | 'patch'): Http['post'] =>
    (path, body, options = {}) =>
      limited(`${method.toUpperCase()} ${path}`, options, (all) =>
        client[method](path, body, { headers: options.headers ?? {}, signal: all }),
      )
  return {
    get: bare('get'),
    delete: bare('delete'),
    post: withBody('post'),
    put: withBody('put'),
    patch: withBody('patch'),
    withHeaders: (more) => createHttp(init, { ...headers, ...more }),
  }
}

/** The entry's URL; throws `FL5002` when the run was given none. */
export function entryUrl(url: string | undefined): string {
  if (url !== undefined) return url
  throw new FaultlineError('FL5002', 'this test talks to the entry, and the run was told of none', {
    remedy: 'run it by `faultline gate`, or add the plugin faultline() to vitest.config.ts',
  })
}

function replyOf(operation: string, answer: HttpAnswer): Reply {
  const reply: Reply = {
    ...answer,
    ok() {
      if (answer.status < 200 || answer.status > 299) throw new UnexpectedStatus(operation, answer)
      return reply
    },
  }
  return reply
}
