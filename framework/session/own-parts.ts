import { FaultlineError, waitFor } from '#core'
import type { ServiceFaultPort } from '#fault'

/** Parts of Faultline itself that a fault may hit. Nobody starts them again: their loss is a gap, and stays one. */
export const ownParts: readonly string[] = ['agent', 'monitor']

const endLimitMs = 2000

/** Disturbs Faultline's own observers, by process id. */
export function disturbOwnParts(pidOf: (part: string) => number | undefined): ServiceFaultPort {
  const gone = new Set<string>()
  const find = (part: string) => {
    const pid = pidOf(part)
    if (pid !== undefined) return pid
    throw new FaultlineError('FL4001', `the ${part} has no process here that could be disturbed`)
  }
  const end = async (part: string) => {
    const pid = find(part)
    process.kill(pid, 'SIGKILL')
    await waitFor(() => !isAlive(pid), { limitMs: endLimitMs })
    gone.add(part)
    return { async [Symbol.asyncDispose]() {} }
  }
  return {
    stop: end,
    kill: end,
    async freeze(part) {
      const pid = find(part)
      process.kill(pid, 'SIGSTOP')
      gone.add(part)
      return {
        async [Symbol.asyncDispose]() {
          if (isAlive(pid)) process.kill(pid, 'SIGCONT')
        },
      }
    },
    restart: (part) =>
      Promise.reject(new FaultlineError('FL4001', `the ${part} is not started again once it has ended`)),
    seen: (part) => gone.has(part),
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
