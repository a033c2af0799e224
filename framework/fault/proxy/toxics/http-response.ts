import { STATUS_CODES } from 'node:http'
import { type HttpHead, HttpReader } from '../protocol/http-reader.ts'
import { defineToxic, type ToxicStage } from './toxic.ts'

const defaults = {
  status: 503,
  /** -1 sends no Retry-After. */
  retry_after_s: -1,
  body: '',
  /** So many requests to the proxy get through first. */
  after_requests: 0,
  /** The share of requests that are answered so. */
  probability: 1,
  /** So many ms after the request. */
  delay: 0,
  /** The body comes byte by byte, with so many ms after each. */
  drip: 0,
  /** The connection closes after so many bytes of the body; -1: it doesn't. */
  truncate: -1,
}

type Settings = typeof defaults
interface State {
  readonly reader: HttpReader
  /** The request that is being swallowed. */
  swallowed: HttpHead | undefined
}

/** Answers requests itself, as a load balancer does; the server never sees them. Sits upstream; HTTP/1.1 without TLS. */
export const httpResponse = defineToxic<Settings, State>({
  type: 'http_response',
  defaults,
  fractions: ['probability'],
  problem: ({ status }) => (status >= 200 && status <= 599 ? undefined : 'status must be 200 to 599'),
  parses: true,
  begin: () => ({ reader: new HttpReader(), swallowed: undefined }),
  held: ({ reader }) => reader.held,
  async chunk(stage, { bytes }) {
    const { state } = stage
    for (const part of state.reader.read(bytes)) {
      if (part.kind === 'head' && stage.acts && isDrawn(stage)) {
        state.swallowed = part.head
        stage.touch()
        // The client sends its body only when it is told to, or refused.
        if (part.head.headers.get('expect') === '100-continue') await answer(stage, part.head)
      } else if (!state.swallowed) await stage.emit(part.bytes)
      if (part.kind === 'end' && state.swallowed) {
        const head = state.swallowed
        state.swallowed = undefined
        await answer(stage, head)
      }
    }
  },
})

function isDrawn({ shared, random, attributes }: ToxicStage<Settings, State>): boolean {
  return shared.requests++ >= attributes.after_requests && random.next() < attributes.probability
}

async function answer(stage: ToxicStage<Settings, State>, { startLine }: HttpHead): Promise<void> {
  const { status, retry_after_s: retryAfter, delay, drip, truncate } = stage.attributes
  const reason = STATUS_CODES[status] ?? 'Unknown'
  const body = Buffer.from(stage.attributes.body || `${status} ${reason}\n`)
  await stage.hold(delay)
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...(retryAfter >= 0 ? [`Retry-After: ${retryAfter}`] : []),
    ...(truncate >= 0 ? ['Connection: close'] : []),
  ]
  stage.reply(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
  if (startLine.startsWith('HEAD ')) return
  const sent = truncate >= 0 ? body.subarray(0, truncate) : body
  if (drip > 0)
    for (const byte of sent) {
      stage.reply(Buffer.of(byte))
      await stage.hold(drip)
    }
  else if (sent.length > 0) stage.reply(sent)
  if (truncate >= 0) stage.close()
}
