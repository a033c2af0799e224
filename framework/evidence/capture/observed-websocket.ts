import { AsyncLocalStorage } from 'node:async_hooks'
import { now } from '#core'
import type { Exchange } from '../exchange.ts'
import { httpOperation } from './operation.ts'

/** What of a `ws` client socket is observed. */
export interface WebSocketLike {
  readonly url: string
  once(event: 'open', listener: () => void): unknown
  once(event: 'close', listener: (code: number) => void): unknown
}

/** Close codes with which a peer, or the way to it, says that the conversation failed. */
const failures = new Set([1001, 1002, 1006, 1011, 1012, 1013, 1014, 1015])

/**
 * Notes the conversation of a `ws` socket from its opening to its close, with the close code, for whoever made the socket.
 * The upgrade before it is an exchange of its own, which the capture sees, also when it is refused. A code that the
 * application chose (1008, 4000 …) is an answer; whether it is the expected one, the test says.
 */
export function observeWebSocket(
  socket: WebSocketLike,
  note: (exchange: Exchange) => void,
  about: { readonly target?: string } = {},
): void {
  const here = AsyncLocalStorage.snapshot()
  const { hostname, port, protocol, pathname } = new URL(socket.url)
  socket.once('open', () => {
    const from = now()
    socket.once('close', (code) =>
      here(note, {
        protocol: 'websocket',
        operation: httpOperation('WS', pathname),
        ...about,
        host: `${hostname}:${port || (protocol === 'wss:' ? 443 : 80)}`,
        from,
        to: now(),
        outcome: failures.has(code) ? 'failed' : 'ok',
        code: String(code),
      }),
    )
  })
}
