import { headersOfList, headersOfObject } from './answer.ts'
import { isQuiet } from './attempts.ts'
import { type Source, subscribeAll } from './channels.ts'
import type { Conversation } from './conversation.ts'
import { httpOperation } from './operation.ts'

interface UndiciRequest {
  readonly origin?: string | URL
  readonly path: string
  readonly method: string
  readonly headers: unknown
  readonly upgrade?: unknown
}

/** Longest body that is looked into for claims and well-formedness. */
const longestBody = 256 * 1024

interface Entry {
  readonly conversation: Conversation
  chunks: Buffer[] | undefined
  length: number
}

/** Records what undici publishes: Node’s `fetch` and `WebSocket`, and undici’s own clients. Gives the way to stop. */
export function observeUndici({ ledger, targetOf, ignores }: Source): () => void {
  // A kept connection publishes later events in the context of whoever opened it: only creation tells the attempt.
  const entries = new WeakMap<object, Entry>()

  const created = ({ request }: { request: UndiciRequest }) => {
    if (isQuiet()) return
    const host = hostOf(request.origin)
    if (host === undefined || ignores(host)) return
    const conversation = ledger.begin({
      protocol: request.upgrade ? 'websocket' : 'http',
      operation: httpOperation(request.method, request.path),
      target: targetOf(host),
      host,
      accepts: requestHeaders(request.headers)['accept'],
    })
    entries.set(request, { conversation, chunks: [], length: 0 })
  }

  const answered = ({
    request,
    response,
  }: {
    request: object
    response: { statusCode: number; headers: unknown[] }
  }) => entries.get(request)?.conversation.answered(response.statusCode, headersOfList(response.headers))

  const received = ({ request, chunk }: { request: object; chunk: Uint8Array }) => {
    const entry = entries.get(request)
    if (!entry?.chunks) return
    entry.length += chunk.byteLength
    const isWanted =
      entry.length <= longestBody &&
      entry.conversation.isPlain &&
      /json/i.test(entry.conversation.contentType)
    if (isWanted) entry.chunks.push(Buffer.from(chunk))
    else entry.chunks = undefined
  }

  const completed = ({ request }: { request: object }) => {
    const entry = entries.get(request)
    if (!entry) return
    const isRead = entry.chunks && entry.conversation.isPlain && /json/i.test(entry.conversation.contentType)
    const body = isRead ? Buffer.concat(entry.chunks ?? []).toString('utf8') : undefined
    ledger.end(entry.conversation, entry.conversation.completed(body))
  }

  const failed = ({ request, error }: { request: object; error: unknown }) => {
    const conversation = entries.get(request)?.conversation
    if (conversation) ledger.end(conversation, conversation.failed(error))
  }

  const opened = ({ websocket }: { websocket: { readonly url: string } }) => {
    const url = new URL(websocket.url)
    const operation = httpOperation('GET', url.pathname)
    for (const open of ledger.openHere()) {
      const { protocol, host } = open.opening
      if (protocol !== 'websocket' || open.opening.operation !== operation || host !== hostOf(url)) continue
      open.answered(101, {})
      return ledger.end(open, open.completed())
    }
  }

  return subscribeAll({
    'undici:request:create': created,
    'undici:request:headers': answered,
    'undici:request:bodyChunkReceived': received,
    'undici:request:trailers': completed,
    'undici:request:error': failed,
    'undici:websocket:open': opened,
  })
}

/** `host:port`, the port always given. */
function hostOf(origin: string | URL | undefined): string | undefined {
  if (origin === undefined || !URL.canParse(String(origin))) return undefined
  const { protocol, hostname, port } = new URL(origin)
  return `${hostname}:${port || (protocol === 'https:' || protocol === 'wss:' ? 443 : 80)}`
}

/** undici holds a request’s headers as a flat list, in other versions as an object. */
function requestHeaders(headers: unknown) {
  if (Array.isArray(headers)) return headersOfList(headers)
  return typeof headers === 'object' && headers !== null ? headersOfObject({ ...headers }) : {}
}
