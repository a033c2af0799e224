import { FaultlineError, Secret } from '#core'
import type { EnvironmentDefinition } from '#environment'
import type { Settings } from '#settings'

/** A word of a name, or a label of a host, that production goes by. */
const production = /(^|[^a-z])(prod|prd|production|live)([^a-z]|$)/i

/**
 * Refuses, with FL4002, to disturb what doesn't allow it, and what looks like production whatever it allows. An environment
 * that Faultline starts itself is its own, whatever it is called.
 */
export function refuseProduction({ name, definition }: Settings['environment']): void {
  if (definition.kind !== 'remote') return
  if (definition.faults !== 'allowed')
    throw new FaultlineError('FL4002', `the environment "${name}" does not allow faults`, {
      remedy: "set faults: 'allowed' in its definition, if it is yours to disturb",
    })
  const sign = [name, ...hostsOf(definition)].find((text) => production.test(text))
  if (sign !== undefined)
    throw new FaultlineError(
      'FL4002',
      `the environment "${name}" looks like production ("${sign}"), which is never disturbed`,
      { remedy: 'run chaos against an environment that nobody depends on' },
    )
}

function hostsOf(definition: Extract<EnvironmentDefinition, { kind: 'remote' }>): string[] {
  return Object.values(definition.services).flatMap(({ url }) => {
    const host = URL.parse(url instanceof Secret ? url.reveal() : (url ?? ''))?.hostname
    return host ? [host] : []
  })
}
