import { FaultlineError } from '#core'
import type { RunningEnvironment, ServiceControl } from '#environment'
import {
  createInjector,
  createLinkFaults,
  createSchedule,
  type FaultSchedule,
  type FaultSpec,
  type LinkFaults,
  type ServiceFaultPort,
  starveProcesses,
} from '#fault'
import type { JournalSink } from '#journal'

/** A late timer of this length, in ms, is lag that a fault made: a sound machine doesn't show it. */
const provenLagMs = 500

export interface InjectionOptions {
  readonly environment: RunningEnvironment
  readonly journal: JournalSink
  /** The runner, which `cpu@runner` starves: its processes, and the longest lag that it has shown in ms. */
  readonly runner: { pids(): readonly number[]; longestLagMs(): number }
}

/** The faults that a run was asked for, on their schedule. Throws FL4002 where the environment may not be disturbed. */
export function scheduleFaults(specs: readonly FaultSpec[], options: InjectionOptions): FaultSchedule {
  const { environment, journal, runner } = options
  if (specs.length > 0 && !environment.services)
    throw new FaultlineError('FL4002', 'this environment does not allow faults', {
      remedy: "set faults: 'allowed' in its definition, if it is yours to disturb",
    })
  let starving = false
  const injector = createInjector({
    links: linkFaultsOf(environment),
    services: serviceFaultsOf(environment.services),
    runner: {
      async starve() {
        starving = true
        return starveProcesses(() => runner.pids())
      },
      lagSeen: () => starving && runner.longestLagMs() > provenLagMs,
    },
    journal,
  })
  return createSchedule(specs, injector, journal)
}

function linkFaultsOf({ proxy }: RunningEnvironment): LinkFaults {
  if (proxy) return createLinkFaults({ apiUrl: proxy.apiUrl, proxiesOf: (link) => proxy.proxiesOf(link) })
  return {
    inject: () => Promise.reject(new FaultlineError('FL4001', 'this environment has no fault proxies')),
  }
}

function serviceFaultsOf(control: ServiceControl | undefined): ServiceFaultPort {
  const required = () => {
    if (!control) throw new FaultlineError('FL4002', 'this environment does not let services be disturbed')
    return control
  }
  return {
    stop: async (service) => required().stop(service),
    freeze: async (service) => required().freeze(service),
    kill: async (service) => required().kill(service),
    async restart(service) {
      await required().restart(service)
      return { async [Symbol.asyncDispose]() {} }
    },
    seen: (service) => required().seenStopped(service),
  }
}
