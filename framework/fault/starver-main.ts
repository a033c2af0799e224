/**
 * Takes nearly all CPU from processes, as a container's quota does: it stops them and lets them run for a moment in
 * every period. Each line of stdin is a JSON array of the process ids to starve from now on. When stdin closes, all
 * run again and this ends: nothing stays stopped when the owner dies.
 */
import { createInterface } from 'node:readline'

/** Longer than most tests may take: a process that wakes up reads its sockets before its timers, so a shorter pause harms nobody. */
const periodMs = 12_000
const sliceMs = 400
let starved = new Set<number>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
let timer = setTimeout(stop, 0)
for await (const line of createInterface({ input: process.stdin })) {
  const next = new Set<number>(JSON.parse(line))
  send('SIGCONT', starved.difference(next))
  send('SIGSTOP', next.difference(starved))
  starved = next
}
clearTimeout(timer)
send('SIGCONT', starved)

function stop(): void {
  send('SIGSTOP', starved)
  timer = setTimeout(grant, periodMs - sliceMs)
}

function grant(): void {
  send('SIGCONT', starved)
  timer = setTimeout(stop, sliceMs)
}

function send(signal: NodeJS.Signals, pids: Iterable<number>): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
