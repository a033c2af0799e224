import { defaultIdentityHeaders, type IdentityHeaders } from '#topology'
import type { Exchange } from '../exchange.ts'
import { headersOfObject } from './answer.ts'
import { quietly } from './attempts.ts'
import { Conversation } from './conversation.ts'
import { httpOperation } from './operation.ts'

export interface ObservedHttpOptions {
  /** Paths are relative to it. */
  readonly baseUrl: string | URL
  /** Is told of every exchange when it ends. */
  readonly note: (exchange: Exchange) => void
  /** The service behind `baseUrl`. */
  readonly target?: string
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Applied to every request that doesn't bring its own. */
  readonly timeoutMs?: number
  /** Headers in which the application stamps its answers, in lower case. */
  readonly identityHeaders?: IdentityHeaders
}

export interface HttpRequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** After so long the request is aborted, and rejects with a `TimeoutError`. */
  readonly timeoutMs?: number
}

/** An answer with its whole body; any status is an answer. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; throws a `SyntaxError` when it is none. */
  json<T = unknown>(): T
}

/** A small HTTP client whose exchanges are noted. Rejects as `fetch` does when there is no complete answer. */
export interface ObservedHttp {
  get(path: string, options?: HttpRequestOptions): Promise<HttpAnswer>
  delete(path: string, options?: HttpRequestOptions): Promise<HttpAnswer>
  /** `body` is sent as JSON, unless it is a string. */
  post(path: string, body?: unknown, options?: HttpRequestOptions): Promise<HttpAnswer>
  put(path: string, body?: unknown, options?: HttpRequestOptions): Promise<HttpAnswer>
  patch(path: string, body?: unknown, options?: HttpRequestOptions): Promise<HttpAnswer>
}

/**
 * A client over `fetch` that notes each exchange with what only a reader of the body can tell: whether it was
 * well-formed, and which services it names as the reason. The capture leaves its traffic to it.
 */
export function createObservedHttp(options: ObservedHttpOptions): ObservedHttp {
  const send = (method: string) => (path: string, body?: unknown, request?: HttpRequestOptions) =>
    exchange(options, method, path, body, request ?? {})
  const bare = (method: string) => (path: string, request?: HttpRequestOptions) =>
    exchange(options, method, path, undefined, request ?? {})
  return {
    get: bare('GET'),
    delete: bare('DELETE'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
  }
}

const mostCharacters = 64 * 1024 * 1024

async function exchange(
  options: ObservedHttpOptions,
  method: string,
  path: string,
  body: unknown,
  request: HttpRequestOptions,
): Promise<HttpAnswer> {
  const url = new URL(path, options.baseUrl)
  const headers = new Headers({ accept: 'application/json', ...options.headers, ...request.headers })
  if (body !== undefined && typeof body !== 'string' && !headers.has('content-type'))
    headers.set('content-type', 'application/json')
  const conversation = new Conversation(
    {
      protocol: 'http',
      operation: httpOperation(method, url.pathname),
      target: options.target,
      host: `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`,
      accepts: headers.get('accept') ?? undefined,
    },
    options.identityHeaders ?? defaultIdentityHeaders,
  )
  try {
    const response = await quietly(() =>
      fetch(url, {
        method,
        headers,
        body: bodyOf(body),
        signal: signalOf(request.signal, request.timeoutMs ?? options.timeoutMs),
      }),
    )
    conversation.answered(response.status, headersOfObject(Object.fromEntries(response.headers)))
    const text = await textOf(response)
    options.note(conversation.completed(text))
    return { status: response.status, headers: response.headers, text, json: <T>() => JSON.parse(text) as T }
  } catch (error) {
    options.note(conversation.failed(error))
    throw error
  }
}

/** The whole body. More than anybody tests is an error, so that an answer without end doesn't end the test's process. */
async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > mostCharacters)
      throw new Error(`the answer's body is longer than ${mostCharacters} characters: it is not read further`)
  }
  return text + decoder.decode()
}

function bodyOf(body: unknown): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function signalOf(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal | null {
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  return signal && limit ? AbortSignal.any([signal, limit]) : (signal ?? limit ?? null)
}
