import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import net from 'node:net'
import { deadline, orAbort } from '#core'
import { startLagSampler } from './lag.ts'

/**
 * The runner's probe, in a process of its own: one {@link RunnerSample} a line on stdout until stdin closes. It does so
 * little that a late timer means that the machine denied it the processor.
 */
const everyMs = 250
const networkLimitMs = 2000

const listener = net.createServer((socket) => {
  socket.on('error', () => {})
  socket.pipe(socket)
})
listener.listen(0, '127.0.0.1')
await once(listener, 'listening')
const { port } = listener.address() as net.AddressInfo

let network: { readonly loopbackMs?: number; readonly dnsMs?: number } = {}
let measuring = false

/** Measured beside the sampling, so that a slow resolver doesn't look like a late timer. */
async function measureNetwork(): Promise<void> {
  if (measuring) return
  measuring = true
  const [loopbackMs, dnsMs] = await Promise.all([timed(roundTrip), timed(() => lookup('localhost'))])
  network = { ...(loopbackMs === undefined ? {} : { loopbackMs }), ...(dnsMs === undefined ? {} : { dnsMs }) }
  measuring = false
}

async function timed(work: (signal: AbortSignal) => Promise<unknown>): Promise<number | undefined> {
  using limit = deadline(networkLimitMs)
  const startedAt = performance.now()
  try {
    await orAbort(work(limit.signal), limit.signal)
    return performance.now() - startedAt
  } catch {
    return undefined
  }
}

async function roundTrip(signal: AbortSignal): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1' })
  try {
    socket.write('?')
    await once(socket, 'data', { signal })
  } finally {
    // A reset leaves no port in TIME_WAIT, and this runs four times a second.
    socket.resetAndDestroy()
  }
}

startLagSampler({
  process: 'probe',
  everyMs,
  emit(sample) {
    process.stdout.write(`${JSON.stringify({ ...sample, ...network })}\n`)
    void measureNetwork()
  },
})
process.stdout.on('error', () => process.exit(0))
// Ctrl-C reaches the whole process group, and is the owner's to handle.
process.on('SIGINT', () => {})
process.stdin.resume()
process.stdin.once('close', () => process.exit(0))
