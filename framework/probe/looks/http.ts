import http from 'node:http'
import type { Socket } from 'node:net'
import { defaultIdentityHeaders } from '#topology'
import type { Channel, ChannelEnd, OpenChannel } from '../channel.ts'
import { outcomeOfStatus } from '../families.ts'
import type { Finding } from '../finding.ts'
import { closedByPeer, openSocket, watchEnd } from '../socket.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { ProbeTarget } from '../target.ts'
import { identityOf } from './identity.ts'

const maxBodyBytes = 64 * 1024
const maxHeaderBytes = 16 * 1024
/** A server's keep-alive limit is counted from its own side: near the limit nobody can say who was first. */
const keepAliveMarginMs = 1000

/** One HTTP/1.1 connection. A well-formed answer is an answer whatever its body says; redirects aren't followed. */
export const openHttp: OpenChannel = async (target, stopwatch, signal) =>
  new HttpChannel(target, await openSocket(target, stopwatch, signal))

class HttpChannel implements Channel {
  readonly #target: ProbeTarget
  readonly #socket: Socket
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  readonly #socketEnd: () => ChannelEnd | undefined
  #answeredAt: number | undefined
  /** How long the server said that it keeps an idle connection; `undefined` if it promised nothing. */
  #promisedMs: number | undefined

  constructor(target: ProbeTarget, socket: Socket) {
    this.#target = target
    this.#socket = socket
    this.#socketEnd = watchEnd(socket)
    this.#agent.createConnection = () => socket
  }

  get end(): ChannelEnd | undefined {
    const end = this.#socketEnd()
    return end !== undefined && this.#mayBeClosed() ? { kind: 'agreed' } : end
  }

  async ask(stopwatch: Stopwatch): Promise<Finding> {
    if (this.#socket.destroyed) throw closedByPeer()
    const response = await this.#send(stopwatch)
    const body = await readBody(response)
    stopwatch.stop()
    this.#answeredAt = performance.now()
    // Of a body that is too large the rest is never read: the connection ends by our own doing.
    this.#promisedMs = body === undefined ? undefined : promisedMs(response.headers)
    const status = response.statusCode ?? 0
    const outcome = outcomeOfStatus(status)
    const identity = identityOf(
      response.headers,
      body,
      this.#target.identityHeaders ?? defaultIdentityHeaders,
    )
    return {
      outcome,
      ...(outcome === 'ok' ? {} : { code: String(status), detail: `answered with HTTP ${status}` }),
      ...(identity === undefined ? {} : { identity }),
    }
  }

  close(): void {
    this.#agent.destroy()
    this.#socket.destroy()
  }

  /** HTTP allows a server to close an idle connection, but not before the time that it announced. */
  #mayBeClosed(): boolean {
    if (this.#answeredAt === undefined) return false
    return performance.now() - this.#answeredAt >= (this.#promisedMs ?? 0) - keepAliveMarginMs
  }

  #send(stopwatch: Stopwatch): Promise<http.IncomingMessage> {
    const url = new URL(this.#target.address)
    const path =
      this.#target.path ??
      (url.pathname === '/' && url.search === '' ? '/health/live' : url.pathname + url.search)
    return new Promise((resolve, reject) => {
      stopwatch.restart()
      const request = http.request({
        agent: this.#agent,
        path,
        headers: { host: url.host, accept: '*/*', 'user-agent': 'faultline-probe', ...this.#target.headers },
        maxHeaderSize: maxHeaderBytes,
      })
      request.once('socket', (socket) => socket.once('data', () => stopwatch.lap('firstByteMs')))
      request.on('error', reject)
      request.once('response', resolve)
      request.end()
    })
  }
}

/** The body as text, or `undefined` where it is larger than anybody needs; the connection is given up then. */
async function readBody(response: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function promisedMs(headers: http.IncomingHttpHeaders): number | undefined {
  if (headers.connection?.toLowerCase() === 'close') return undefined
  const seconds = /timeout=(\d+)/.exec(String(headers['keep-alive'] ?? ''))?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
