import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4, isIPv6 } from 'node:net'
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet } from 'dns-packet'
import { messageOf } from '#core'
import { hostNamed, namesZone } from '#topology'
import { bindError, formatHostPort, type HostPort, parseHostPort } from './address.ts'
import type { Log } from './log.ts'
import type { NameAnswer } from './toxics/index.ts'

/** What a name server needs of a proxy. */
export interface NamedProxy {
  readonly name: string
  /** Where it listens, as `host:port`. */
  readonly listen: string
  /** What to answer this time. */
  lookUp(): NameAnswer
}

/** A running name server. */
export interface NameServer extends AsyncDisposable {
  /** Where it is asked, over UDP, as `host:port`. */
  readonly address: string
}

const rcodes = { address: 0, servfail: 2, nxdomain: 3, refused: 5 } as const

/**
 * Answers questions for `PROXY.faultline.test` ({@link hostNamed}), as the toxics of that proxy have it: its address, an error, or nothing. No
 * answer may be kept (a TTL of 0): the next question is to meet the toxics as they are then.
 */
export async function startNameServer(
  at: HostPort,
  proxies: () => readonly NamedProxy[],
  log: Log,
): Promise<NameServer> {
  const socket = createSocket(isIPv6(at.host) ? 'udp6' : 'udp4')
  try {
    socket.bind({ port: at.port, address: at.host, exclusive: true })
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw bindError(at, error as NodeJS.ErrnoException)
  }
  const waiting = new Set<NodeJS.Timeout>()
  socket.on('error', (error) => log('error', 'Name server', { error: error.message }))
  socket.on('message', (message, asker) => {
    const question = questionOf(message)
    if (!question) return
    const { answer, delayMs, listen } = answerFor(question, proxies())
    if (answer === 'silent') return
    const timer = setTimeout(() => {
      waiting.delete(timer)
      reply(socket, asker, encode(responseTo(question, answer, listen)), log)
    }, delayMs)
    waiting.add(timer)
  })
  return {
    address: formatHostPort({ host: at.host, port: socket.address().port }),
    async [Symbol.asyncDispose]() {
      for (const timer of waiting) clearTimeout(timer)
      socket.close()
      await once(socket, 'close')
    },
  }
}

interface Question {
  readonly id: number
  readonly type: string
  /** As it was asked: the answer repeats it. */
  readonly name: string
}

/** The one question of a query; anything else is nothing that a resolver would send. */
function questionOf(message: Buffer): Question | undefined {
  try {
    const { id, type, questions = [] } = decode(message)
    const [question] = questions
    if (type !== 'query' || id === undefined || !question || questions.length > 1) return undefined
    return { id, type: question.type, name: question.name }
  } catch {
    return undefined
  }
}

interface Reply extends Omit<NameAnswer, 'answer'> {
  readonly answer: NameAnswer['answer'] | 'refused'
  readonly listen?: string
}

function answerFor({ name }: Question, proxies: readonly NamedProxy[]): Reply {
  // Names are met without regard to case (RFC 4343); resolvers may mix it on purpose.
  const asked = name.toLowerCase()
  if (!asked.endsWith(`.${namesZone}`)) return { answer: 'refused', delayMs: 0 }
  const proxy = proxies.find((one) => hostNamed(one.name).toLowerCase() === asked)
  return proxy ? { ...proxy.lookUp(), listen: proxy.listen } : { answer: 'nxdomain', delayMs: 0 }
}

function responseTo(
  { id, type, name }: Question,
  answer: Exclude<Reply['answer'], 'silent'>,
  listen: string | undefined,
): Packet {
  const host = answer === 'address' && listen !== undefined ? parseHostPort(listen).host : ''
  const isAsked = (type === 'A' && isIPv4(host)) || (type === 'AAAA' && isIPv6(host))
  const answers = isAsked ? [{ type: type as 'A' | 'AAAA', name, ttl: 0, data: host } satisfies Answer] : []
  const questions = [{ type: type as 'A', name }]
  return { id, type: 'response', flags: AUTHORITATIVE_ANSWER | rcodes[answer], questions, answers }
}

function reply(socket: Socket, { address, port }: RemoteInfo, response: Buffer, log: Log): void {
  socket.send(response, port, address, (error) => {
    if (error) log('error', 'Unable to answer for a name', { error: messageOf(error) })
  })
}
