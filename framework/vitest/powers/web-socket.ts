import { once } from 'node:events'
import type WebSocket from 'ws'
import { now, orAbort } from '#core'
import { observeWebSocket } from '#evidence'
import type { TimeLimitMet } from '#run'
import type { TestInit } from '../infrastructure-aware-test.ts'
import { entryUrl } from './http.ts'
import type { Power } from './power.ts'
import { type TimeLimits, timeLimits } from './time-limits.ts'

/** How to open a WebSocket. */
export interface ConnectOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: readonly string[]
  readonly signal?: AbortSignal
  /** A limit of the test's own for the handshake, in ms. */
  readonly timeoutMs?: number
}

/** How to wait for a message. */
export interface NextOptions {
  readonly signal?: AbortSignal
  /** A limit of the test's own, in ms. */
  readonly timeoutMs?: number
}

/** How a WebSocket ended: its close code (RFC 6455, 7.4; 1006 when no close frame came) and reason. */
export interface SocketEnd {
  readonly code: number
  readonly reason: string
}

/** An open WebSocket that speaks JSON. `Message` is what the test expects of it. */
export interface TestSocket<Message> {
  /** Everything that has come, in order. */
  readonly messages: readonly Message[]
  /** Settles when the socket has ended, whoever ended it. */
  readonly closed: Promise<SocketEnd>
  /** Sends a value as JSON. Throws when the socket isn't open. */
  send(message: unknown): void
  /**
   * The next message that fits, of those that earlier calls have not passed by. Rejects with {@link SocketClosed} when
   * the socket ends first, and with {@link TimeLimitMet} at the limit.
   */
  next<Wanted extends Message>(
    fits: (message: Message) => message is Wanted,
    options?: NextOptions,
  ): Promise<Wanted>
  next(fits?: (message: Message) => boolean, options?: NextOptions): Promise<Message>
  close(code?: number, reason?: string): void
}

/** The socket ended while a message was awaited. */
export class SocketClosed extends Error {
  readonly end: SocketEnd
  constructor(operation: string, end: SocketEnd) {
    super(`${operation}: the socket closed with code ${end.code} before the message came`)
    this.name = 'SocketClosed'
    this.end = end
  }
}

/** WebSockets of the entry. */
export interface WebSockets {
  connect<Message = unknown>(path: string, options?: ConnectOptions): Promise<TestSocket<Message>>
}

/** The power to hold WebSockets to the entry: `t.ws`. They are closed after the test. */
export const ws: Power<'ws', WebSockets> = {
  name: 'ws',
  create: createWebSockets,
}

/** WebSockets of the entry for one test. */
export function createWebSockets(init: TestInit): WebSockets {
  return { connect: (path, options = {}) => connect(init, path, options) }
}

async function connect<Message>(
  { scope, signal }: TestInit,
  path: string,
  options: ConnectOptions,
): Promise<TestSocket<Message>> {
  const url = new URL(path, entryUrl(scope.settings.entry?.url).replace(/^http/, 'ws'))
  const operation = `GET ${url.pathname}`
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(url, [...(options.protocols ?? [])], { headers: { ...options.headers } })
  socket.on('error', () => {})
  const target = scope.settings.entry?.service
  const about = target === undefined ? {} : { target }
  const from = now()
  let isOver = false
  observeWebSocket(socket, (exchange) => isOver || scope.noteExchange(exchange), about)
  scope.cleanup.defer(() => {
    // What we cut ourselves is no failure of the other side; a socket that was still open when the test failed is told of.
    isOver = true
    if (socket.readyState === socket.OPEN)
      scope.noteExchange({ protocol: 'websocket', operation, ...about, from, to: now(), outcome: 'aborted' })
    socket.terminate()
  })
  const received = receive<Message>(socket)
  const waiting = timeLimits(signal, options)
  try {
    await once(socket, 'open', { signal: waiting.signal })
  } catch (error) {
    socket.terminate()
    throw waiting.met(`${operation}: no handshake`) ?? causeOf(error)
  }
  return {
    messages: received.messages,
    closed: received.closed,
    send(message) {
      if (socket.readyState !== socket.OPEN)
        throw new Error(`WebSocket is not open: readyState ${socket.readyState}`)
      socket.send(JSON.stringify(message))
    },
    next: (fits: (message: Message) => boolean = () => true, next: NextOptions = {}) =>
      received.next(fits, operation, timeLimits(signal, next)) as never,
    close: (code, reason) => socket.close(code, reason),
  }
}

function receive<Message>(socket: WebSocket) {
  const messages: Message[] = []
  let passed = 0
  let arrived = Promise.withResolvers<void>()
  let end: SocketEnd | undefined
  const closed = Promise.withResolvers<SocketEnd>()
  const wake = () => {
    arrived.resolve()
    arrived = Promise.withResolvers()
  }
  socket.on('message', (data: Buffer) => {
    messages.push(parsed(data) as Message)
    wake()
  })
  socket.on('close', (code, reason) => {
    end = { code, reason: reason.toString() }
    closed.resolve(end)
    wake()
  })
  const next = async (fits: (message: Message) => boolean, operation: string, waiting: TimeLimits) => {
    for (;;) {
      while (passed < messages.length) {
        const message = messages[passed++]!
        if (fits(message)) return message
      }
      if (end) throw new SocketClosed(operation, end)
      try {
        await orAbort(arrived.promise, waiting.signal)
      } catch (error) {
        throw waiting.met(`${operation}: no message`) ?? error
      }
    }
  }
  return { messages, closed: closed.promise, next }
}

function parsed(data: Buffer): unknown {
  const text = data.toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `once` wraps nothing but an abort, whose cause is what matters. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.name === 'AbortError' && error.cause !== undefined
    ? error.cause
    : error
}
