/** A piece of a WebSocket's stream from the server. */
export interface WebSocketPart {
  /** `handshake`: up to and with the 101; `frame`: a part of one, the last with `isLast`; `opaque`: no WebSocket. */
  readonly kind: 'handshake' | 'frame' | 'opaque'
  readonly bytes: Buffer
  /** After this part, a frame of our own may stand. */
  readonly isLast: boolean
  /** Of a message: text, binary or the continuation of one; control frames aren't. */
  readonly isData: boolean
}

const nothing = Buffer.alloc(0)

/** Cuts the server's side of a WebSocket into frames. A stream that isn't fresh is taken to be at the start of one. */
export class WebSocketReader {
  #held: Buffer = nothing
  #phase: 'handshake' | 'frames' | 'opaque'
  #left = 0
  #isData = false

  constructor(isFresh: boolean) {
    this.#phase = isFresh ? 'handshake' : 'frames'
  }

  get held(): Buffer {
    return this.#held
  }

  /** Whether the server may say something now. */
  get isBetweenFrames(): boolean {
    return this.#phase === 'frames' && this.#left === 0 && this.#held.length === 0
  }

  *read(bytes: Buffer): Generator<WebSocketPart> {
    let left = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    this.#held = nothing
    while (left.length > 0) {
      const part = this.#take(left)
      if (!part) break
      left = left.subarray(part.bytes.length)
      yield part
    }
    this.#held = left
  }

  #take(bytes: Buffer): WebSocketPart | undefined {
    if (this.#phase === 'opaque') return { kind: 'opaque', bytes, isLast: false, isData: false }
    if (this.#phase === 'handshake') {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return undefined
      this.#phase = /^HTTP\/1\.1 101 /.test(bytes.toString('latin1', 0, 13)) ? 'frames' : 'opaque'
      if (this.#phase === 'opaque') return this.#take(bytes)
      return { kind: 'handshake', bytes: bytes.subarray(0, end + 4), isLast: true, isData: false }
    }
    if (this.#left === 0) {
      const size = frameSize(bytes)
      if (size === undefined) return undefined
      this.#left = size
      this.#isData = (bytes[0]! & 0x0f) <= 2
    }
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    return { kind: 'frame', bytes: part, isLast: this.#left === 0, isData: this.#isData }
  }
}

/** A close frame as a server sends it. */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, 123)
  const frame = Buffer.alloc(4 + text.length)
  frame.writeUInt8(0x88, 0)
  frame.writeUInt8(2 + text.length, 1)
  frame.writeUInt16BE(code, 2)
  text.copy(frame, 4)
  return frame
}

/** Head and payload of the frame at the front; undefined until its head is there. */
function frameSize(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const mask = bytes[1]! & 0x80 ? 4 : 0
  if (short < 126) return 2 + mask + short
  if (short === 126) return bytes.length < 4 ? undefined : 4 + mask + bytes.readUInt16BE(2)
  return bytes.length < 10 ? undefined : 10 + mask + Number(bytes.readBigUInt64BE(2))
}
