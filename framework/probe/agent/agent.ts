import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { FaultlineError, messageOf, now } from '#core'
import type { Observation } from '../observation.ts'
import { createProber, type Prober } from '../prober.ts'
import { targetKey } from '../target.ts'
import type { AgentConfig } from './config.ts'
import { LookMemory } from './memory.ts'
import {
  type AgentMessage,
  type AgentTarget,
  type ClientMessage,
  leftByItself,
  protocolVersion,
  readClientMessage,
} from './protocol.ts'
import { type Vigil, Vigils } from './vigils.ts'

const maxMessageBytes = 4096
const maxClients = 32
/** Looks that one client may wait for at once: well above one round over every target. */
const maxLooksUnderWay = 256
/** A client that doesn't read its answers is dropped before they fill the memory. */
const maxUnsentBytes = 1024 * 1024
const heartbeatMs = 5000
/** A minute of looks at eighty targets every second, or at twenty four times a second. */
const looksKept = 10_000

/** A probe agent that listens. */
export interface Agent extends AsyncDisposable {
  readonly port: number
}

/**
 * Starts an agent: it looks at declared targets for clients that hold the token, over a WebSocket, and answers
 * `GET /health/live` for whoever runs it. Looks run side by side; those of one kind at one target are one look.
 * For a client that watches, and is cut off, it goes on looking for a minute, and tells what it saw when that client is back.
 * @throws FaultlineError FL3003 when it can't listen there.
 */
export async function startAgent(config: AgentConfig): Promise<Agent> {
  const eyes = new Eyes(config)
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
    sockets.handleUpgrade(request, socket, head, (client) => new Session(client, eyes, welcome))
  })
  await listening(server.listen(config.port, config.host), config)

  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await eyes[Symbol.asyncDispose]()
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

/** What an agent looks with, for whoever asks: what is seen is kept for those who are cut off. */
class Eyes implements AsyncDisposable {
  readonly memory = new LookMemory(looksKept)
  readonly vigils = new Vigils(() => this.#lookAtAll())
  readonly #probers: ReadonlyMap<string, Prober>
  readonly #ending = new AbortController()

  constructor({ targets }: AgentConfig) {
    this.#probers = new Map(targets.map((target) => [targetKey(target), createProber(target)]))
  }

  isDeclared(key: string): boolean {
    return this.#probers.has(key)
  }

  /** Rejects when the agent ends. */
  async look(key: string, connection: 'new' | 'kept'): Promise<{ observation: Observation; number: number }> {
    const observation = await this.#probers.get(key)!.look(connection, this.#ending.signal)
    return { observation, number: this.memory.add(observation) }
  }

  /** Those that are still under way are joined: a silent target is not asked anew at every beat. */
  #lookAtAll(): void {
    for (const key of this.#probers.keys())
      for (const connection of ['new', 'kept'] as const) this.look(key, connection).catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.vigils[Symbol.dispose]()
    this.#ending.abort(new Error('the agent is ending'))
    await Promise.all([...this.#probers.values()].map((prober) => prober[Symbol.asyncDispose]()))
  }
}

/** One client, from its upgrade to its end. */
class Session {
  readonly #client: WebSocket
  readonly #eyes: Eyes
  #underWay = 0
  #isAlive = true
  /** When the client watches. */
  #vigil: Vigil | undefined

  constructor(client: WebSocket, eyes: Eyes, welcome: AgentMessage) {
    this.#client = client
    this.#eyes = eyes
    const heartbeat = setInterval(() => this.#beat(), heartbeatMs)
    client.on('pong', () => {
      this.#isAlive = true
    })
    client.on('error', () => client.terminate())
    client.on('close', (code) => {
      clearInterval(heartbeat)
      if (code === leftByItself) this.#vigil?.end()
      else this.#vigil?.lost()
    })
    client.on('message', (data) => this.#receive(String(data)))
    this.#send(welcome)
  }

  #receive(data: string): void {
    this.#vigil?.heard()
    const message = readClientMessage(data)
    if ('problem' in message) this.#refuse(null, message.problem)
    else if (message.type === 'clock') this.#send({ ...message, at: now() })
    else if (message.type === 'look') void this.#look(message)
    else void this.#watch(message)
  }

  async #watch({ id, after, ...watcher }: ClientMessage & { type: 'watch' }): Promise<void> {
    const { memory, vigils } = this.#eyes
    const { mark } = memory
    this.#vigil?.end()
    this.#vigil = vigils.begin(watcher)
    // One after the other: together they may be more than a client is allowed to leave unread.
    for (const observation of after ? memory.after(after) : [])
      await new Promise((sent) => this.#send({ type: 'missed', id, observation }, sent))
    this.#send({ type: 'watching', id, mark })
  }

  async #look({ id, connection, ...name }: ClientMessage & { type: 'look' }): Promise<void> {
    const key = targetKey(name)
    if (!this.#eyes.isDeclared(key)) return this.#refuse(id, `\`${key}\` is not declared to this agent`)
    if (this.#underWay >= maxLooksUnderWay) return this.#refuse(id, 'too many looks are under way')
    this.#underWay += 1
    try {
      this.#send({ type: 'observation', id, ...(await this.#eyes.look(key, connection)) })
    } catch {
      this.#refuse(id, 'the agent is ending')
    } finally {
      this.#underWay -= 1
    }
  }

  #beat(): void {
    if (this.#isAlive) this.#client.ping()
    else this.#client.terminate()
    this.#isAlive = false
  }

  #refuse(id: number | null, reason: string): void {
    this.#send({ type: 'refused', id, reason })
  }

  #send(message: AgentMessage, sent: (error?: Error) => void = () => {}): void {
    if (this.#client.bufferedAmount > maxUnsentBytes) this.#client.terminate()
    if (this.#client.readyState === this.#client.OPEN) this.#client.send(JSON.stringify(message), sent)
    else sent()
  }
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
