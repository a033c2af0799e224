import path from 'node:path'
import { Redactor } from '#core'
import type { RunningEnvironment } from '#environment'
import type { RunFolder } from '#journal'
import type { Baseline, ServiceAddress, WorkerSettings } from '#run'
import { readVariables, type Settings } from '#settings'
import { learnConnections, learnSecrets } from './secrets.ts'

export interface WorkerSettingsParts {
  readonly environment: RunningEnvironment
  readonly settings: Settings
  readonly run: RunFolder
  readonly baselines: Readonly<Record<string, Baseline>>
  readonly browser: WorkerSettings['browser']
}

/** What the test workers of a run go by. */
export function workerSettingsOf(parts: WorkerSettingsParts): WorkerSettings {
  const { environment, settings, run, baselines, browser } = parts
  const { topology, connections } = environment
  const addresses = addressesOf(environment)
  return {
    entry: { service: topology.entry, url: connections.entry },
    addresses,
    policy: settings.policy,
    baselines,
    secrets: secretsOf(parts),
    artifactsDir: path.join(run.folder, 'artifacts'),
    ...(browser && { browser: leased(browser, environment) }),
    // The jitter of a run is replayed by its id.
    seed: Number.parseInt(run.id.slice(-4), 16),
  }
}

/** A browser with an environment of its own ends with the run all the same. */
function leased(
  browser: NonNullable<WorkerSettings['browser']>,
  { lease }: RunningEnvironment,
): NonNullable<WorkerSettings['browser']> {
  return browser.env ? { ...browser, env: { ...browser.env, ...lease.environment } } : browser
}

/** The entry's dependencies, past every link and over the entry's own. */
function addressesOf({ connections, topology }: RunningEnvironment): Record<string, ServiceAddress> {
  const services = Object.values(connections.direct).filter(({ service }) => service !== topology.entry)
  return Object.fromEntries(
    services.map(({ service, url }) => {
      const link = connections.links[`${topology.entry}/${service}`]
      return [service, { direct: url.reveal(), throughLink: (link?.url ?? url).reveal() }]
    }),
  )
}

function secretsOf({ environment, settings }: WorkerSettingsParts): readonly string[] {
  const redactor = new Redactor()
  learnSecrets(redactor, { settings, variables: readVariables() })
  learnConnections(redactor, environment)
  return redactor.values
}
