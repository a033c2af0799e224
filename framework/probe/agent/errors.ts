import { FaultlineError } from '#core'
import { protocolVersion } from './protocol.ts'

/** FL3001: nobody there, not an agent, or lost since. */
export function unreachable(url: string, why: string): FaultlineError {
  return new FaultlineError('FL3001', `the agent at ${url} could not be reached: ${why}`, {
    remedy: 'check that the agent runs and that its address can be reached from here',
  })
}

/** FL3002: the agent, or its list of targets, says no. */
export function refused(reason: string): FaultlineError {
  return new FaultlineError('FL3002', `the agent refused the request: ${reason}`, {
    remedy: 'declare the target in the configuration of the agent',
  })
}

/** FL3002 where the upgrade was answered with 401, else FL3001. */
export function refusedUpgrade(url: string, status: number | undefined): FaultlineError {
  if (status !== 401) return unreachable(url, `the upgrade was answered with HTTP ${status}`)
  return new FaultlineError('FL3002', `the agent at ${url} refused the token`, {
    remedy: 'give the runner the token that the agent was started with',
  })
}

/** FL3002: the two sides come from different versions of Faultline. */
export function otherVersion(url: string, version: number): FaultlineError {
  const what = `the agent at ${url} speaks version ${version} of the protocol, not ${protocolVersion}`
  return new FaultlineError('FL3002', what, { remedy: 'install the same version of Faultline on both sides' })
}
