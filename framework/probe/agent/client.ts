import type { WebSocket } from 'ws'
import { DeadlineExceeded, deadline, type FaultlineError, messageOf, now, orAbort, type Secret } from '#core'
import type { Observation } from '../observation.ts'
import { shownAddress, type TargetName, targetKey } from '../target.ts'
import { ClockComparison } from './clock.ts'
import { otherVersion, refused, refusedUpgrade, unreachable } from './errors.ts'
import type { LookMark } from './memory.ts'
import {
  type AgentMessage,
  type AgentTarget,
  type ClientMessage,
  leftByItself,
  protocolVersion,
  readAgentMessage,
} from './protocol.ts'
import type { Watcher } from './vigils.ts'

const clockRounds = 8
/** Between clock rounds while connected: they keep the offset true and show that the agent is alive. */
const clockEveryMs = 1000
/** An agent that answers no clock round for this long is lost. */
const silenceLimitMs = 5000
/** On top of the target's own limit: the way there and back. */
const lookGraceMs = 2000
const maxMessageBytes = 1024 * 1024
/** An agent that doesn't answer a farewell for this long is left without. */
const farewellMs = 500

export interface AgentOptions {
  /** `ws://` or `wss://`. */
  readonly url: string
  readonly token: Secret
  readonly signal: AbortSignal
  /** For connection, handshake, the first comparison of clocks, and what was missed, together. */
  readonly timeoutMs: number
  /**
   * Given by whoever takes looks at a steady pace: the agent goes on by itself when the client is cut off. `after`, from the
   * connection before, asks for what was seen since.
   */
  readonly watch?: Watcher & { readonly after?: LookMark }
}

/** A connection to a probe agent. */
export interface AgentClient extends AsyncDisposable {
  readonly targets: readonly AgentTarget[]
  /** How far the agent's clock is ahead of ours, as known now. */
  readonly clockOffsetMs: number
  readonly clockErrorMs: number
  /** What the agent saw while a client that watches was cut off from it, oldest first. */
  readonly missed: readonly Observation[]
  /** How far this client has been told what the agent saw; absent when it doesn't watch. */
  readonly mark: LookMark | undefined
  /**
   * One look by the agent, with its time on our clock. Rejects with FL3002 when the agent refuses, with FL3001
   * when it is lost or doesn't answer, with `signal.reason` when the caller gives up: nothing was seen then.
   */
  look(target: TargetName, connection: 'new' | 'kept', signal: AbortSignal): Promise<Observation>
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
}

/**
 * Connects to an agent.
 * @throws FaultlineError FL3001 (not reached, no agent there, too slow) or FL3002 (token or version refused).
 */
export async function connectAgent(options: AgentOptions): Promise<AgentClient> {
  const shown = shownAddress({ address: options.url })
  if (!/^wss?:/.test(shown)) throw unreachable(shown, 'it is not a ws:// or wss:// address')
  using limit = deadline(options.timeoutMs, options.signal)
  // Loaded with the first connection: a monitor without an agent needs none.
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(options.url, {
    headers: { authorization: `Bearer ${options.token.reveal()}` },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  })
  const connection = new AgentConnection(shown, socket)
  try {
    await connection.handshake(limit.signal, options.watch)
    return connection
  } catch (error) {
    await connection[Symbol.asyncDispose]()
    options.signal.throwIfAborted()
    throw error instanceof DeadlineExceeded ? unreachable(shown, messageOf(error)) : error
  }
}

class AgentConnection implements AgentClient {
  readonly #shown: string
  readonly #socket: WebSocket
  readonly #clocks = new ClockComparison()
  readonly #waiting = new Map<number, PromiseWithResolvers<AgentMessage>>()
  readonly #welcome = Promise.withResolvers<readonly AgentTarget[]>()
  readonly #closed = Promise.withResolvers<void>()
  readonly #missed: Observation[] = []
  #mark: LookMark | undefined
  #targets: readonly AgentTarget[] = []
  #lost: FaultlineError | undefined
  #lastId = 0
  #heartbeat: NodeJS.Timeout | undefined

  /** `shown` is its address without what is secret in it. */
  constructor(shown: string, socket: WebSocket) {
    this.#shown = shown
    this.#welcome.promise.catch(() => {})
    this.#socket = socket
    this.#socket.on('unexpected-response', (_request, response) =>
      this.#lose(refusedUpgrade(shown, response.statusCode)),
    )
    this.#socket.on('error', (error) => this.#lose(unreachable(shown, messageOf(error))))
    this.#socket.on('close', (code) =>
      this.#lose(unreachable(shown, `the connection was closed with ${code}`)),
    )
    this.#socket.once('close', () => this.#closed.resolve())
    this.#socket.on('message', (data) => this.#receive(String(data)))
  }

  get targets(): readonly AgentTarget[] {
    return this.#targets
  }
  get clockOffsetMs(): number {
    return this.#clocks.best.offsetMs
  }
  get clockErrorMs(): number {
    return this.#clocks.best.errorMs
  }
  get closed(): Promise<void> {
    return this.#closed.promise
  }
  get missed(): readonly Observation[] {
    return this.#missed.map((look) => this.#onOurClock(look))
  }
  get mark(): LookMark | undefined {
    return this.#mark
  }

  async handshake(signal: AbortSignal, watch: AgentOptions['watch']): Promise<void> {
    this.#targets = await orAbort(this.#welcome.promise, signal)
    for (let round = 0; round < clockRounds; round += 1) await this.#compareClocks(signal)
    if (watch) await this.#watch(watch, signal)
    this.#heartbeat = setInterval(() => void this.#beat(), clockEveryMs)
    this.#heartbeat.unref()
  }

  async look(target: TargetName, connection: 'new' | 'kept', signal: AbortSignal): Promise<Observation> {
    const declared = this.#targets.find((candidate) => targetKey(candidate) === targetKey(target))
    if (declared === undefined) throw refused(`\`${targetKey(target)}\` is not declared to the agent`)
    using limit = deadline(declared.timeoutMs + lookGraceMs, signal)
    const name = declared.link === undefined ? {} : { link: declared.link }
    const answer = await this.#ask(
      { type: 'look', target: declared.target, ...name, connection },
      limit.signal,
    ).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error instanceof DeadlineExceeded
        ? unreachable(this.#shown, 'it did not answer a look in time')
        : error
    })
    if (answer.type === 'refused') throw refused(answer.reason)
    if (answer.type !== 'observation' || targetKey(answer.observation) !== targetKey(declared))
      throw this.#lose(unreachable(this.#shown, 'it answered another question than it was asked'))
    if (this.#mark) this.#mark = { ...this.#mark, number: Math.max(this.#mark.number, answer.number) }
    return { ...this.#onOurClock(answer.observation), vantage: declared.vantage }
  }

  /** Tells the agent that it isn't cut off but done, where that can still be told. */
  async [Symbol.asyncDispose](): Promise<void> {
    const isOpen = this.#socket.readyState === this.#socket.OPEN
    if (isOpen) this.#socket.close(leftByItself)
    const force = setTimeout(() => this.#socket.terminate(), isOpen ? farewellMs : 0)
    this.#fail(unreachable(this.#shown, 'the connection was given up'))
    await this.#closed.promise
    clearTimeout(force)
  }

  async #watch(watch: NonNullable<AgentOptions['watch']>, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask({ type: 'watch', ...watch }, signal)
    if (answer.type === 'refused') throw refused(answer.reason)
    if (answer.type !== 'watching')
      throw this.#lose(unreachable(this.#shown, 'it did not say that it watches'))
    this.#mark = answer.mark
  }

  #onOurClock(look: Observation): Observation {
    const { offsetMs, errorMs } = this.#clocks.best
    return { ...look, at: look.at - offsetMs, clockErrorMs: errorMs }
  }

  async #compareClocks(signal: AbortSignal): Promise<void> {
    const askedAt = now()
    const answer = await this.#ask({ type: 'clock' }, signal)
    if (answer.type !== 'clock') throw this.#lose(unreachable(this.#shown, 'it did not tell its time'))
    this.#clocks.add({ askedAt, answeredAt: now(), theirs: answer.at })
  }

  async #beat(): Promise<void> {
    using limit = deadline(silenceLimitMs)
    try {
      await this.#compareClocks(limit.signal)
    } catch {
      this.#lose(unreachable(this.#shown, `it has not answered for ${silenceLimitMs} ms`))
    }
  }

  async #ask(question: Question, signal: AbortSignal): Promise<AgentMessage> {
    if (this.#lost) throw this.#lost
    this.#lastId += 1
    const id = this.#lastId
    const answer = Promise.withResolvers<AgentMessage>()
    this.#waiting.set(id, answer)
    try {
      this.#socket.send(JSON.stringify({ ...question, id }))
      return await orAbort(answer.promise, signal)
    } finally {
      this.#waiting.delete(id)
    }
  }

  #receive(data: string): void {
    const message = readAgentMessage(data)
    if (message === undefined) this.#lose(unreachable(this.#shown, 'what answers there is not an agent'))
    else if (message.type === 'welcome') this.#greet(message.version, message.targets)
    else if (message.type === 'missed') this.#missed.push(message.observation)
    else if (message.id !== null) this.#waiting.get(message.id)?.resolve(message)
  }

  #greet(version: number, targets: readonly AgentTarget[]): void {
    if (version === protocolVersion) this.#welcome.resolve(targets)
    else this.#lose(otherVersion(this.#shown, version))
  }

  /** Ends everything with the first reason; gives the error that everybody who waits gets. */
  #lose(error: FaultlineError): FaultlineError {
    const reason = this.#fail(error)
    this.#socket.terminate()
    return reason
  }

  #fail(error: FaultlineError): FaultlineError {
    if (this.#lost) return this.#lost
    this.#lost = error
    clearInterval(this.#heartbeat)
    this.#welcome.reject(error)
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    return error
  }
}

type Question = WithoutId<ClientMessage>
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
