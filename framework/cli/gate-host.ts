import type { GateHost, HostRequest } from '#session'
import { createVitestHost } from '#vitest'

/** Vitest as the host of a gate's tests. */
export function createGateHost({ globs, settings, provide, logDir, onWorker }: HostRequest): GateHost {
  const { root, vitestConfig } = settings
  return createVitestHost({
    ...{ root, globs, provide, logDir, onWorker },
    ...(vitestConfig === undefined ? {} : { configFile: vitestConfig }),
  })
}
