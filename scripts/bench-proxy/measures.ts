import type { Contender } from './contender.ts'
import { open, pour, roundTrip, startEcho, startSink } from './load.ts'
import { quantile } from './statistics.ts'

/** Round trips of one kind, in ms. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
}

/** MB/s one way, in writes of 64 KiB, behind a latency of `latencyMs` if there is one. */
export async function throughput(server: Contender, megabytes: number, latencyMs = 0): Promise<number> {
  using sink = await startSink()
  using socket = disposable(await open(await server.proxy(sink.port)))
  if (latencyMs > 0)
    await server.call('POST', '/proxies/bench/toxics', upstream('latency', { latency: latencyMs }))
  const bytes = megabytes * 1_000_000
  const startedAt = performance.now()
  const arrived = sink.until(bytes)
  await pour(socket.value, bytes)
  await arrived
  return bytes / 1000 / (performance.now() - startedAt)
}

/** Round trips of 100 bytes, `count` one after the other; without a server, with nothing between. */
export async function roundTrips(server: Contender | undefined, count: number): Promise<Percentiles> {
  using echo = await startEcho()
  using socket = disposable(await open(server ? await server.proxy(echo.port) : echo.port))
  for (let warm = 0; warm < count / 10; warm++) await roundTrip(socket.value)
  const times: number[] = []
  for (let round = 0; round < count; round++) times.push(await roundTrip(socket.value))
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** By how much round trips behind a latency of 50 ms differ from 50 ms and the plain round trip. */
export async function latencyError(server: Contender, plainMs: number): Promise<Percentiles> {
  using echo = await startEcho()
  const port = await server.proxy(echo.port)
  const sockets = await Promise.all(Array.from({ length: 8 }, () => open(port)))
  // Only then is each known to be connected behind the proxy, too.
  await Promise.all(sockets.map((socket) => roundTrip(socket)))
  await server.call('POST', '/proxies/bench/toxics', { type: 'latency', attributes: { latency: 50 } })
  const errors: number[] = []
  await Promise.all(
    sockets.map(async (socket, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 7))
      for (let round = 0; round < 12; round++) errors.push(Math.abs((await roundTrip(socket)) - 50 - plainMs))
      socket.destroy()
    }),
  )
  return { p50: quantile(errors, 0.5), p99: quantile(errors, 0.99) }
}

/** By what share the rate that is reached differs from `rate` KB/s, over about a second. */
export async function bandwidthError(server: Contender, rate: number): Promise<number> {
  using sink = await startSink()
  using socket = disposable(await open(await server.proxy(sink.port)))
  await server.call('POST', '/proxies/bench/toxics', upstream('bandwidth', { rate }))
  const bytes = rate * 1000
  const startedAt = performance.now()
  const arrived = sink.until(bytes)
  await pour(socket.value, bytes)
  await arrived
  return Math.abs(performance.now() - startedAt - 1000) / 1000
}

/** Many connections that echo once a second for `seconds`: how many were lost, and the memory of each in bytes. */
export async function crowd(server: Contender, count: number, seconds: number) {
  using echo = await startEcho()
  const port = await server.proxy(echo.port)
  const before = await server.memory()
  const sockets = []
  for (let index = 0; index < count; index++) sockets.push(await open(port))
  let answered = 0
  for (let second = 0; second < seconds; second++) {
    const answers = Promise.all(sockets.map((socket) => roundTrip(socket).then(() => answered++)))
    await Promise.race([answers, new Promise((resolve) => setTimeout(resolve, 10_000))])
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  const after = await server.memory()
  for (const socket of sockets) socket.destroy()
  return { lost: count - answered / seconds, bytesPerConnection: Math.round((after - before) / count) }
}

/** The p99 in ms of calls of the control API while data pours through. */
export async function controlUnderLoad(server: Contender, calls: number): Promise<number> {
  using sink = await startSink()
  using socket = disposable(await open(await server.proxy(sink.port)))
  let pouring = true
  const load = (async () => {
    while (pouring) await pour(socket.value, 4_000_000)
  })()
  const times: number[] = []
  for (let index = 0; index < calls; index++) {
    const startedAt = performance.now()
    await server.call('POST', '/proxies/bench/toxics', upstream('noop', {}))
    await server.call('DELETE', '/proxies/bench/toxics/noop_upstream')
    times.push((performance.now() - startedAt) / 2)
  }
  pouring = false
  await load
  return quantile(times, 0.99)
}

function upstream(type: string, attributes: object) {
  return { type, stream: 'upstream', attributes }
}

function disposable<T extends { destroy(): unknown }>(value: T): Disposable & { readonly value: T } {
  return { value, [Symbol.dispose]: () => void value.destroy() }
}
