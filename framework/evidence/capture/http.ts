import type { ClientRequest, IncomingMessage } from 'node:http'
import { headersOfObject } from './answer.ts'
import { isQuiet } from './attempts.ts'
import { type Source, subscribeAll } from './channels.ts'
import type { Conversation } from './conversation.ts'
import type { Ledger } from './ledger.ts'
import { httpOperation } from './operation.ts'

/** Records what `node:http` and `node:https` clients do, and with them the upgrades of `ws`. Gives the way to stop. */
export function observeHttp({ ledger, targetOf, ignores }: Source): () => void {
  const conversations = new WeakMap<ClientRequest, Conversation>()

  const created = ({ request }: { request: ClientRequest }) => {
    if (isQuiet()) return
    const host = hostOf(request)
    if (ignores(host)) return
    const isUpgrade = /^websocket$/i.test(String(request.getHeader('upgrade') ?? ''))
    const conversation = ledger.begin({
      protocol: isUpgrade ? 'websocket' : 'http',
      operation: httpOperation(request.method, request.path),
      target: targetOf(host),
      host,
      accepts: request.getHeader('accept')?.toString(),
    })
    conversations.set(request, conversation)
    if (isUpgrade) watchUpgrade(request, conversation, ledger)
  }

  const answered = ({ request, response }: { request: ClientRequest; response: IncomingMessage }) => {
    const conversation = conversations.get(request)
    if (!conversation) return
    conversation.answered(response.statusCode ?? 0, headersOfObject(response.headers))
    if (conversation.opening.protocol === 'websocket') ledger.end(conversation, conversation.completed())
    else response.once('close', () => ledger.end(conversation, endOf(conversation, response)))
  }

  const failed = ({ request, error }: { request: ClientRequest; error: Error }) => {
    const conversation = conversations.get(request)
    if (conversation) ledger.end(conversation, conversation.failed(error, isOwnEnd(request, error)))
  }

  return subscribeAll({
    'http.client.request.created': created,
    'http.client.response.finish': answered,
    'http.client.request.error': failed,
  })
}

/**
 * No channel tells of an accepted upgrade. A listener would change what Node does without one, so it is added only
 * when the client has its own by the time that there is a socket.
 */
function watchUpgrade(request: ClientRequest, conversation: Conversation, ledger: Ledger): void {
  request.once('socket', () => {
    if (request.listenerCount('upgrade') === 0) return
    request.once('upgrade', (response: IncomingMessage) => {
      conversation.answered(response.statusCode ?? 101, headersOfObject(response.headers))
      ledger.end(conversation, conversation.completed())
    })
  })
}

/** How a response ended whose stream has closed. */
function endOf(conversation: Conversation, response: IncomingMessage) {
  if (response.complete) return conversation.completed()
  return conversation.failed(response.errored, response.errored === null)
}

/** Node says "socket hang up" also when its own side destroyed the request: then the peer has not closed. */
function isOwnEnd(request: ClientRequest, error: Error): boolean {
  if (error.name === 'AbortError') return true
  return error.message === 'socket hang up' && request.socket?.readableEnded === false
}

function hostOf(request: ClientRequest): string {
  const isTls = request.protocol === 'https:'
  const port = /:(\d{1,5})$/.exec(String(request.getHeader('host') ?? ''))?.[1] ?? (isTls ? '443' : '80')
  return `${request.host}:${port}`
}
