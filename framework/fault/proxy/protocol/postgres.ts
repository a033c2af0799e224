/** One piece of a PostgreSQL stream. `code` is the message's letter, or undefined for what a connection begins with. */
export interface PostgresMessage {
  readonly code: string | undefined
  readonly bytes: Buffer
}

/** Requests before the start-up message that a server answers with one byte: TLS and GSSAPI. */
const negotiations = [80_877_103, 80_877_104]

const nothing = Buffer.alloc(0)

/**
 * Cuts one direction of a PostgreSQL connection (protocol 3) into messages. A client begins with messages that have no
 * letter, a server answers a negotiation with a single byte. Whatever is encrypted passes as one opaque piece.
 */
export class PostgresReader {
  #held: Buffer = nothing
  #phase: 'start' | 'messages' | 'opaque'
  readonly #side: 'client' | 'server'

  constructor(side: 'client' | 'server', isFresh: boolean) {
    this.#side = side
    this.#phase = isFresh ? 'start' : 'messages'
  }

  get held(): Buffer {
    return this.#held
  }

  *read(bytes: Buffer): Generator<PostgresMessage> {
    let left = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    this.#held = nothing
    while (left.length > 0) {
      const message = this.#take(left)
      if (!message) break
      left = left.subarray(message.bytes.length)
      yield message
    }
    this.#held = left
  }

  #take(bytes: Buffer): PostgresMessage | undefined {
    if (this.#phase === 'opaque') return { code: '', bytes }
    if (this.#phase === 'start') {
      if (this.#side === 'server') {
        const isRefusal = bytes[0] === 0x4e
        this.#phase = isRefusal ? 'start' : bytes[0] === 0x53 ? 'opaque' : 'messages'
        if (isRefusal) return { code: '', bytes: bytes.subarray(0, 1) }
        return this.#take(bytes)
      }
      // A TLS handshake, after a server agreed to it.
      if (bytes[0] === 0x16) this.#phase = 'opaque'
      if (bytes[0] === 0x16) return { code: '', bytes }
      const first = sized(bytes, 0)
      if (first && !isNegotiation(first)) this.#phase = 'messages'
      return first && { code: undefined, bytes: first }
    }
    const message = sized(bytes, 1)
    return message && { code: String.fromCharCode(bytes[0]!), bytes: message }
  }
}

export function isNegotiation(startMessage: Buffer): boolean {
  return negotiations.includes(startMessage.readInt32BE(4))
}

/** A start-up message that asks for one setting more, after those that it names itself. */
export function withOption(startMessage: Buffer, setting: string, value: string): Buffer {
  const fields = startMessage.subarray(8).toString('latin1').split('\0')
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === 'options')
  const option = `-c ${setting}=${value}`
  if (at >= 0) fields[at + 1] += ` ${option}`
  else fields.unshift('options', option)
  const body = Buffer.from(fields.join('\0'), 'latin1')
  const head = Buffer.from(startMessage.subarray(0, 8))
  head.writeInt32BE(body.length + 8, 0)
  return Buffer.concat([head, body])
}

/** The server's words for the errors that end a connection. */
const texts: Readonly<Record<string, string>> = {
  '57P01': 'terminating connection due to administrator command',
  '57P02': 'terminating connection because of crash of another server process',
  '57P03': 'the database system is starting up',
  '53300': 'sorry, too many clients already',
}

/** An ErrorResponse that ends the connection. */
export function fatalError(sqlstate: string): Buffer {
  const fields = ['SFATAL', 'VFATAL', `C${sqlstate}`, `M${texts[sqlstate] ?? 'injected by the fault proxy'}`]
  const body = Buffer.from(`${fields.join('\0')}\0\0`)
  const head = Buffer.from('E\0\0\0\0')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** The message at the front, whose length stands at `offset`; undefined until all of it is there. */
function sized(bytes: Buffer, offset: number): Buffer | undefined {
  if (bytes.length < offset + 4 + (offset === 0 ? 4 : 0)) return undefined
  const size = offset + Math.max(bytes.readInt32BE(offset), 4)
  return bytes.length < size ? undefined : bytes.subarray(0, size)
}
