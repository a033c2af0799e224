import path from 'node:path'
import { addressesOf, type GateHost, type HostRequest } from '#session'
import { createVitestHost } from '#vitest'

/** Vitest as the host of a gate's tests. */
export function createGateHost({
  globs,
  coordinator,
  environment,
  run,
  settings,
  onWorker,
}: HostRequest): GateHost {
  const addresses = addressesOf(environment)
  return createVitestHost({
    root: settings.root,
    globs,
    ...(settings.vitestConfig === undefined ? {} : { configFile: settings.vitestConfig }),
    provide: {
      coordinator,
      entry: { service: environment.topology.entry, url: environment.connections.entry },
      addresses,
      policy: settings.policy,
      baselines: {},
      secrets: Object.values(addresses).map(({ direct }) => decodeURIComponent(new URL(direct).password)),
      artifactsDir: path.join(run.folder, 'artifacts'),
      seed: Number.parseInt(run.id.slice(-4), 16),
    },
    logDir: path.join(run.folder, 'logs'),
    onWorker,
  })
}
