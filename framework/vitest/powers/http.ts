import { FaultlineError } from '#core'
import { TimeLimitMet } from '#run'
import type { TestInit } from '../infrastructure-aware-test.ts'
import type { Power } from './power.ts'

/** Options of one request. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the request; the test's own end always does. */
  readonly signal?: AbortSignal
  /** A limit of the test's own, in ms, until the whole answer is there. */
  readonly timeoutMs?: number
}

/** An answer, whatever its status. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; throws a `SyntaxError` when it isn't. */
  json<T = unknown>(): T
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
  request(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
}

/** The power to talk HTTP with the entry: `t.http`. */
export const http: Power<'http', Http> = { name: 'http', create: createHttp }

function createHttp({ scope, signal }: TestInit): Http {
  const request: Http['request'] = async (method, path, body, options = {}) => {
    const base = entryUrl(scope.settings.entry?.url)
    const operation = `${method} ${path}`
    const limit = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs)
    const signals = [signal, options.signal, limit].filter((one) => one !== undefined)
    try {
      const response = await fetch(new URL(path, base), {
        method,
        headers: { accept: 'application/json', ...contentType(body), ...options.headers },
        body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
        signal: AbortSignal.any(signals),
      })
      return replyOf(operation, response.status, response.headers, await response.text())
    } catch (error) {
      if (limit?.aborted && !signal.aborted && !options.signal?.aborted)
        throw new TimeLimitMet(`${operation}: no answer`, options.timeoutMs!, { setByTest: true })
      throw error
    }
  }
  return {
    request,
    get: (path, options) => request('GET', path, undefined, options),
    delete: (path, options) => request('DELETE', path, undefined, options),
    post: (path, body, options) => request('POST', path, body, options),
    put: (path, body, options) => request('PUT', path, body, options),
    patch: (path, body, options) => request('PATCH', path, body, options),
  }
}

/** The entry's URL; throws `FL5002` when the run was given none. */
export function entryUrl(url: string | undefined): string {
  if (url !== undefined) return url
  throw new FaultlineError('FL5002', 'this test talks to the entry, and the run was told of none', {
    remedy: 'run it by `faultline gate`, or add the plugin faultline() to vitest.config.ts',
  })
}

function contentType(body: unknown): Record<string, string> {
  return body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }
}

function replyOf(operation: string, status: number, headers: Headers, text: string): Reply {
  const reply: Reply = {
    status,
    headers,
    text,
    json: <T>() => JSON.parse(text) as T,
    ok() {
      if (status < 200 || status > 299) throw new UnexpectedStatus(operation, reply)
      return reply
    },
  }
  return reply
}
