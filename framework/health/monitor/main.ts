import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { secret } from '#core'
import { connectAgent, createProber } from '#probe'
import { followAgent } from './follow-agent.ts'
import type { MonitorMessage, MonitorOrders, RoundRequest } from './protocol.ts'
import { type Look, Sampler } from './sampler.ts'

/**
 * The monitor, in a process of its own, so that a busy test worker can't blind it. Orders come first on stdin, requests for a
 * round later; observations go to stdout. It ends when stdin closes. Ctrl-C reaches the whole process group and is the
 * owner's to handle.
 */
const agentTimeoutMs = 5000

const ended = new AbortController()
process.on('SIGINT', () => {})
process.once('SIGTERM', () => end())
process.stdout.on('error', () => end())

/** Takes its leave of the agent first. */
function end(): void {
  ended.abort(new Error('the monitor has ended'))
  setImmediate(() => process.exit(0))
}

function say(message: MonitorMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function begin(orders: MonitorOrders): Sampler {
  const { signal } = ended
  const own = orders.targets.map(createProber).flatMap((prober) =>
    (['new', 'kept'] as const).map(
      (connection): Look =>
        (stop) =>
          prober.look(connection, stop),
    ),
  )
  const through = orders.agent ? follow(orders.agent, orders.intervalMs) : () => []
  const sampler = new Sampler({
    intervalMs: orders.intervalMs,
    looks: () => [...own, ...through()],
    emit: (observation) => say({ observation }),
    signal,
  })
  sampler.start()
  return sampler
}

function follow(
  { url, token, reconnect }: NonNullable<MonitorOrders['agent']>,
  intervalMs: number,
): () => readonly Look[] {
  const watcher = { name: randomUUID(), intervalMs }
  return followAgent({
    connect: (signal, after) =>
      connectAgent({
        url,
        token: secret(token),
        signal,
        timeoutMs: agentTimeoutMs,
        watch: { ...watcher, ...(after && { after }) },
      }),
    reconnect,
    missed: (observation) => say({ missed: observation }),
    found: (views) => say({ found: 'agent', views }),
    lost: (reason) => say({ lost: 'agent', reason }),
    signal: ended.signal,
  })
}

let sampler: Sampler | undefined
for await (const line of createInterface({ input: process.stdin })) {
  if (!sampler) {
    sampler = begin(JSON.parse(line) as MonitorOrders)
    continue
  }
  const { round } = JSON.parse(line) as RoundRequest
  sampler.round().then(
    () => say({ round, done: true }),
    () => {},
  )
}
end()
