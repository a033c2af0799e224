import { FaultlineError, waitFor } from '#core'
import type { AgentDisturbing } from '#environment'
import type { ServiceFaultPort } from '#fault'

/** Parts of Faultline itself that a fault may hit. Nobody starts them again: their loss is a gap, and stays one. */
export const ownParts: readonly string[] = ['agent', 'monitor']

const endLimitMs = 2000

/** Disturbs Faultline's own observers: by process id, or as the environment does where the agent is no process here. */
export function disturbOwnParts(
  pidOf: (part: string) => number | undefined,
  agent: AgentDisturbing | undefined,
): ServiceFaultPort {
  const gone = new Set<string>()
  const find = (part: string): AgentDisturbing => {
    const pid = pidOf(part)
    if (pid !== undefined) return processPart(pid)
    if (part === 'agent' && agent) return agent
    throw new FaultlineError('FL4001', `the ${part} has no process here that could be disturbed`)
  }
  const end = async (part: string) => {
    await find(part).kill()
    gone.add(part)
    return { async [Symbol.asyncDispose]() {} }
  }
  return {
    stop: end,
    kill: end,
    async freeze(part) {
      const found = find(part)
      await found.freeze()
      gone.add(part)
      return { [Symbol.asyncDispose]: () => found.thaw() }
    },
    restart: (part) =>
      Promise.reject(new FaultlineError('FL4001', `the ${part} is not started again once it has ended`)),
    seen: (part) => gone.has(part),
  }
}

function processPart(pid: number): AgentDisturbing {
  return {
    async kill() {
      process.kill(pid, 'SIGKILL')
      await waitFor(() => !isAlive(pid), { limitMs: endLimitMs })
    },
    async freeze() {
      process.kill(pid, 'SIGSTOP')
    },
    async thaw() {
      if (isAlive(pid)) process.kill(pid, 'SIGCONT')
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
