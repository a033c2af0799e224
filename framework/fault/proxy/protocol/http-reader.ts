/** A piece of an HTTP/1.1 stream: the pieces' bytes together are the stream. */
export type HttpPart =
  | { readonly kind: 'head'; readonly bytes: Buffer; readonly head: HttpHead }
  | { readonly kind: 'body'; readonly bytes: Buffer }
  /** Nothing more belongs to the message whose head came last. */
  | { readonly kind: 'end'; readonly bytes: Buffer }
  /** After an upgrade, or what isn't HTTP: passes unread. */
  | { readonly kind: 'opaque'; readonly bytes: Buffer }

export interface HttpHead {
  readonly startLine: string
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
}

/** How the rest of a message is measured. */
type Rest =
  | { readonly kind: 'head' }
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunk-size' | 'trailers' }
  | { readonly kind: 'opaque' }

const longestHead = 64 * 1024
const nothing = Buffer.alloc(0)

/**
 * Cuts one direction of an HTTP/1.1 connection into messages. `restOf` tells what follows a head; requests are measured
 * by their headers alone, responses depend on what was asked ({@link responseRest}).
 */
export class HttpReader {
  #rest: Rest = { kind: 'head' }
  #held: Buffer = nothing
  readonly #restOf: (head: HttpHead) => Rest

  constructor(restOf: (head: HttpHead) => Rest = restByHeaders) {
    this.#restOf = restOf
  }

  /** What was read and is in no part yet: the beginning of a head. */
  get held(): Buffer {
    return this.#held
  }

  *read(bytes: Buffer): Generator<HttpPart> {
    let left = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    this.#held = nothing
    while (left.length > 0) {
      const taken = this.#take(left)
      if (!taken) {
        this.#held = left
        return
      }
      left = left.subarray(taken.bytes.length)
      yield taken
      if (taken.kind === 'head' && this.#isAtHead) yield { kind: 'end', bytes: nothing }
    }
  }

  get #isAtHead(): boolean {
    return this.#rest.kind === 'head'
  }

  #take(bytes: Buffer): HttpPart | undefined {
    const rest = this.#rest
    switch (rest.kind) {
      case 'opaque':
        return { kind: 'opaque', bytes }
      case 'head':
        return this.#takeHead(bytes)
      case 'length': {
        const body = bytes.subarray(0, rest.left)
        rest.left -= body.length
        if (rest.left > 0) return { kind: 'body', bytes: body }
        if (this.#inChunks) this.#rest = { kind: 'chunk-size' }
        else return this.#end(body)
        return { kind: 'body', bytes: body }
      }
      case 'chunk-size':
      case 'trailers': {
        const end = bytes.indexOf('\r\n')
        if (end < 0) return bytes.length > longestHead ? this.#giveUp(bytes) : undefined
        const line = bytes.subarray(0, end + 2)
        if (rest.kind === 'trailers') return end === 0 ? this.#end(line) : { kind: 'body', bytes: line }
        const size = Number.parseInt(line.toString('latin1'), 16)
        if (Number.isNaN(size)) return this.#giveUp(bytes)
        this.#rest = size === 0 ? { kind: 'trailers' } : { kind: 'length', left: size + 2 }
        return { kind: 'body', bytes: line }
      }
    }
  }

  #inChunks = false

  #takeHead(bytes: Buffer): HttpPart | undefined {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return bytes.length > longestHead || !looksLikeHttp(bytes) ? this.#giveUp(bytes) : undefined
    const head = parseHead(bytes.toString('latin1', 0, end))
    if (!head) return this.#giveUp(bytes)
    this.#rest = this.#restOf(head)
    this.#inChunks = this.#rest.kind === 'chunk-size'
    return { kind: 'head', bytes: bytes.subarray(0, end + 4), head }
  }

  #end(bytes: Buffer): HttpPart {
    this.#rest = { kind: 'head' }
    return { kind: 'end', bytes }
  }

  #giveUp(bytes: Buffer): HttpPart {
    this.#rest = { kind: 'opaque' }
    return { kind: 'opaque', bytes }
  }
}

/** What follows a request's head, and most responses'. */
export function restByHeaders({ headers }: HttpHead): Rest {
  if (headers.has('upgrade') && /upgrade/i.test(headers.get('connection') ?? '')) return { kind: 'opaque' }
  if (/chunked/i.test(headers.get('transfer-encoding') ?? '')) return { kind: 'chunk-size' }
  const left = Number(headers.get('content-length') ?? 0)
  return left > 0 ? { kind: 'length', left } : { kind: 'head' }
}

/** What follows a response's head, when `method` was asked. */
export function responseRest(head: HttpHead, method: string | undefined): Rest {
  const status = statusOf(head)
  if (status === 101) return { kind: 'opaque' }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'head' }
  const isMeasured = head.headers.has('content-length') || head.headers.has('transfer-encoding')
  return isMeasured ? restByHeaders(head) : { kind: 'length', left: Number.POSITIVE_INFINITY }
}

export function statusOf({ startLine }: HttpHead): number {
  return Number(startLine.split(' ')[1])
}

function looksLikeHttp(bytes: Buffer): boolean {
  return /^[A-Z]/.test(bytes.toString('latin1', 0, 1))
}

function parseHead(text: string): HttpHead | undefined {
  const [startLine, ...lines] = text.split('\r\n')
  if (!startLine || !/HTTP\/1\.[01]/.test(startLine)) return undefined
  const headers = lines.map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const
  })
  return { startLine, headers: new Map(headers) }
}
