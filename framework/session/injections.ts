import { type EpochMs, FaultlineError } from '#core'
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
import type { LinkName } from '#topology'
import { disturbOwnParts, ownParts } from './own-parts.ts'
import { withRefusedLooks } from './refused-looks.ts'

/** A late timer of this length, in ms, is lag that a fault made: a sound machine doesn't show it. */
const provenLagMs = 500

export interface InjectionOptions {
  readonly environment: RunningEnvironment
  readonly journal: JournalSink
  /** Process ids of the agent and the monitor, where they are ours. */
  readonly pidOf: (part: string) => number | undefined
  /** When the latest of our looks over a link began that came to nothing; absent where nobody looks. */
  readonly lastDeadLook?: (link: LinkName) => EpochMs | undefined
  /** The runner, which `cpu@runner` starves: its processes, and the longest lag that it has shown in ms. */
  readonly runner: { pids(): readonly number[]; longestLagMs(): number }
}

/** The faults that a run was asked for, on their schedule. Throws FL4002 where the environment may not be disturbed. */
export function scheduleFaults(specs: readonly FaultSpec[], options: InjectionOptions): FaultSchedule {
  const { environment, journal, pidOf, runner, lastDeadLook } = options
  if (specs.length > 0 && !environment.services)
    throw new FaultlineError('FL4002', 'this environment does not allow faults', {
      remedy: "set faults: 'allowed' in its definition, if it is yours to disturb",
    })
  const links = linkFaultsOf(environment)
  let starving = false
  const injector = createInjector({
    links: lastDeadLook ? withRefusedLooks(links, lastDeadLook) : links,
    services: serviceFaultsOf(environment.services, disturbOwnParts(pidOf, environment.agent?.disturbing)),
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
  if (proxy) return createLinkFaults(proxy)
  return {
    inject: () => Promise.reject(new FaultlineError('FL4001', 'this environment has no fault proxies')),
  }
}

/** Services are disturbed by their platform, Faultline's own observers by the session. */
function serviceFaultsOf(control: ServiceControl | undefined, own: ServiceFaultPort): ServiceFaultPort {
  const platform: ServiceFaultPort = {
    stop: async (service) => required(control).stop(service),
    freeze: async (service) => required(control).freeze(service),
    kill: async (service) => required(control).kill(service),
    async restart(service) {
      await required(control).restart(service)
      return { async [Symbol.asyncDispose]() {} }
    },
    seen: (service) => required(control).seenStopped(service),
  }
  const portOf = (name: string) => (ownParts.includes(name) ? own : platform)
  return {
    stop: (name) => portOf(name).stop(name),
    freeze: (name) => portOf(name).freeze(name),
    kill: (name) => portOf(name).kill(name),
    restart: (name) => portOf(name).restart(name),
    seen: (name) => portOf(name).seen(name),
  }
}

function required(control: ServiceControl | undefined): ServiceControl {
  if (control) return control
  throw new FaultlineError('FL4002', 'this environment does not let services be disturbed')
}
