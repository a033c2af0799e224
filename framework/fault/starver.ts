import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { entryCommand } from '#core'

const refreshMs = 200

/**
 * Starves the processes that `pids` names, which is asked again five times a second, until it is disposed: then all run
 * again. A process of its own does it, and lets all run when this one dies.
 */
export function starveProcesses(pids: () => readonly number[]): AsyncDisposable {
  const { file, args } = entryCommand(import.meta.url, './starver-main')
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(child, 'exit').catch(() => {})
  let named = new Set<number>()
  const tell = () => {
    const next = pids().filter((pid) => pid !== process.pid && pid !== child.pid)
    named = new Set([...named, ...next])
    child.stdin.write(`${JSON.stringify(next)}\n`)
  }
  child.stdin.on('error', () => {})
  child.on('error', () => {})
  tell()
  const refresh = setInterval(tell, refreshMs)
  // Should the starver itself be killed, nobody else would let them run again.
  child.once('exit', () => {
    clearInterval(refresh)
    for (const pid of named) wake(pid)
  })
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(refresh)
      child.stdin.end()
      await ended
    },
  }
}

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // It has ended meanwhile.
  }
}
