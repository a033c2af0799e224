import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { orAbort } from '#core'
import type { Channel, ChannelEnd, OpenChannel } from '../channel.ts'
import { findingOf, outcomeOfClose, outcomeOfStatus } from '../families.ts'
import { type Finding, LookFailure } from '../finding.ts'
import { openSocket } from '../socket.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { ProbeTarget } from '../target.ts'

const maxPayloadBytes = 64 * 1024

/** One WebSocket: the upgrade, then a ping for each look; a server must answer it without any help of its application. */
export const openWebSocket: OpenChannel = async (target, stopwatch, signal) => {
  const connection = await openSocket(target, stopwatch, signal)
  try {
    const channel = new WebSocketChannel(target, connection)
    await orAbort(channel.opened(), signal)
    return channel
  } catch (error) {
    connection.destroy()
    throw error
  }
}

class WebSocketChannel implements Channel {
  readonly #socket: WebSocket
  #waiting: PromiseWithResolvers<void> | undefined
  #lost: Finding | undefined
  #pings = 0

  constructor(target: ProbeTarget, connection: Socket) {
    this.#socket = new WebSocket(target.address, {
      createConnection: () => connection,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: maxPayloadBytes,
      ...(target.headers === undefined ? {} : { headers: target.headers }),
    })
    this.#socket.on('open', () => this.#waiting?.resolve())
    this.#socket.on('pong', (data) => {
      if (data.toString() === String(this.#pings)) this.#waiting?.resolve()
    })
    this.#socket.on('error', (error) => this.#lose(findingOf(error)))
    this.#socket.on('close', (code, reason) => this.#lose(closeFinding(code, reason.toString())))
    this.#socket.on('unexpected-response', (_request, response: IncomingMessage) =>
      this.#lose(upgradeFinding(response.statusCode ?? 0)),
    )
  }

  get end(): ChannelEnd | undefined {
    return this.#lost && { kind: 'lost', finding: this.#lost }
  }

  opened(): Promise<void> {
    return this.#wait()
  }

  async ask(stopwatch: Stopwatch): Promise<Finding> {
    this.#pings += 1
    stopwatch.restart()
    const answered = this.#wait()
    this.#socket.ping(String(this.#pings))
    await answered
    stopwatch.lap('firstByteMs')
    return { outcome: 'ok' }
  }

  close(): void {
    this.#socket.terminate()
  }

  #wait(): Promise<void> {
    this.#waiting = Promise.withResolvers()
    if (this.#lost) this.#waiting.reject(new LookFailure(this.#lost))
    return this.#waiting.promise
  }

  #lose(finding: Finding): void {
    this.#lost ??= finding
    this.#waiting?.reject(new LookFailure(this.#lost))
  }
}

function closeFinding(code: number, reason: string): Finding {
  const detail = reason === '' ? `closed with ${code}` : `closed with ${code}: ${reason}`
  return { outcome: outcomeOfClose(code), code: String(code), detail }
}

/** Any status but 101 says that this is no WebSocket endpoint, unless it says something worse. */
function upgradeFinding(status: number): Finding {
  const outcome = outcomeOfStatus(status)
  return {
    outcome: outcome === 'ok' ? 'misconfigured' : outcome,
    code: String(status),
    detail: `the upgrade was answered with HTTP ${status}`,
  }
}
