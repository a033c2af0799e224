import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { FaultlineError, messageOf, now } from '#core'
import { createProber, type Prober } from '../prober.ts'
import { targetKey } from '../target.ts'
import type { AgentConfig } from './config.ts'
import { type AgentMessage, type AgentTarget, protocolVersion, readClientMessage } from './protocol.ts'

const maxMessageBytes = 4096
const maxClients = 32
/** Looks that one client may wait for at once: well above one round over every target. */
const maxLooksUnderWay = 256
/** A client that doesn't read its answers is dropped before they fill the memory. */
const maxUnsentBytes = 1024 * 1024
const heartbeatMs = 5000

/** A probe agent that listens. */
export interface Agent extends AsyncDisposable {
  readonly port: number
}

/**
 * Starts an agent: it looks at declared targets for clients that hold the token, over a WebSocket, and answers
 * `GET /health/live` for whoever runs it. Looks run side by side; those of one kind at one target are one look.
 * @throws FaultlineError FL3003 when it can't listen there.
 */
export async function startAgent(config: AgentConfig): Promise<Agent> {
  const probers = new Map(config.targets.map((target) => [targetKey(target), createProber(target)]))
  const welcome: AgentMessage = {
    type: 'welcome',
    version: protocolVersion,
    targets: config.targets.map(publicTarget),
  }
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  })
  const server = http.createServer((request, response) => {
    const alive = request.method === 'GET' && request.url === '/health/live'
    response.writeHead(alive ? 200 : 404, { 'content-type': 'application/health+json' })
    response.end(alive ? '{"status":"pass"}' : '')
  })
  server.headersTimeout = heartbeatMs
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {})
    if (!showsToken(request, config.token)) return refuse(socket, '401 Unauthorized')
    if (sockets.clients.size >= maxClients) return refuse(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, probers, welcome))
  })
  await listening(server.listen(config.port, config.host), config)

  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([...probers.values()].map((prober) => prober[Symbol.asyncDispose]()))
      await closed
    },
  }
}

async function listening(server: http.Server, { host, port }: AgentConfig): Promise<void> {
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new FaultlineError('FL3003', `the agent could not listen on ${host}:${port}: ${messageOf(error)}`, {
      remedy: 'give it another port, or 0 for a free one',
      cause: error,
    })
  }
}

/** One client, from its upgrade to its end. */
function serve(client: WebSocket, probers: ReadonlyMap<string, Prober>, welcome: AgentMessage): void {
  const gone = new AbortController()
  let underWay = 0
  let alive = true

  const send = (message: AgentMessage) => {
    if (client.bufferedAmount > maxUnsentBytes) client.terminate()
    else if (client.readyState === client.OPEN) client.send(JSON.stringify(message))
  }
  const look = async (id: number, prober: Prober, connection: 'new' | 'kept') => {
    underWay += 1
    try {
      send({ type: 'observation', id, observation: await prober.look(connection, gone.signal) })
    } catch {
      send({ type: 'refused', id, reason: 'the agent is ending' })
    } finally {
      underWay -= 1
    }
  }
  const heartbeat = setInterval(() => {
    if (!alive) return client.terminate()
    alive = false
    client.ping()
  }, heartbeatMs)

  client.on('pong', () => {
    alive = true
  })
  client.on('error', () => client.terminate())
  client.on('close', () => {
    clearInterval(heartbeat)
    gone.abort(new Error('the client has gone'))
  })
  client.on('message', (data) => {
    const message = readClientMessage(String(data))
    if ('problem' in message) return send({ type: 'refused', id: null, reason: message.problem })
    const { id } = message
    if (message.type === 'clock') return send({ type: 'clock', id, at: now() })
    const key = targetKey(message)
    const prober = probers.get(key)
    if (prober === undefined)
      return send({ type: 'refused', id, reason: `\`${key}\` is not declared to this agent` })
    if (underWay >= maxLooksUnderWay)
      return send({ type: 'refused', id, reason: 'too many looks are under way' })
    void look(id, prober, message.connection)
  })
  send(welcome)
}

function publicTarget({ target, link, protocol, vantage, timeoutMs }: AgentTarget): AgentTarget {
  return { target, ...(link === undefined ? {} : { link }), protocol, vantage, timeoutMs }
}

/** Compares digests, so that the time it takes tells nothing about the token, not even its length. */
function showsToken(request: http.IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`))
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
