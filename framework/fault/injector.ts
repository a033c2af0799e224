import type { JournalSink } from '#journal'
import { createHandle } from './handle.ts'
import type { FaultHandle, LinkFaults, RunnerFaultPort, ServiceFaultPort } from './ports.ts'
import type { FaultRef } from './records.ts'
import type { FaultSpec, RunnerFaultSpec, ServiceFaultName, ServiceFaultSpec } from './spec.ts'

/** What an injector acts on. */
export interface InjectorParts {
  readonly links: LinkFaults
  readonly services: ServiceFaultPort
  readonly runner: RunnerFaultPort
  readonly journal: JournalSink
}

/** Puts faults on, whatever they act on. */
export interface Injector {
  /** Writes `fault-on`, then acts; releasing writes `fault-off`, then undoes. Rejects when the fault can't be put on. */
  inject(spec: FaultSpec): Promise<FaultHandle>
}

/** An injector over the ports of an environment. */
export function createInjector(parts: InjectorParts): Injector {
  return {
    async inject(spec) {
      const data = refOf(spec)
      parts.journal.append({ source: 'fault', kind: 'fault-on', data })
      const fault = await put(spec, parts)
      const release = () => {
        parts.journal.append({ source: 'fault', kind: 'fault-off', data })
        return fault.release()
      }
      return createHandle(release, () => fault.bit())
    },
  }
}

/** How a fault is named in the journal and in reports. */
export function refOf(spec: FaultSpec): FaultRef {
  const fault = spec.fault === 'profile' ? `profile:${spec.profile}` : spec.fault
  return { fault, target: spec.target.name, window: spec.window.text }
}

function put(spec: FaultSpec, { links, services, runner }: InjectorParts): Promise<FaultHandle> {
  switch (spec.fault) {
    case 'link-down':
    case 'link-silent':
    case 'latency':
    case 'reset':
    case 'profile':
      return links.inject(spec)
    case 'stopped':
    case 'frozen':
    case 'killed':
    case 'restarted':
      return putOnService(spec, services)
    case 'cpu':
      return putOnRunner(spec, runner)
  }
}

async function putOnService(
  { fault, target }: ServiceFaultSpec,
  port: ServiceFaultPort,
): Promise<FaultHandle> {
  const held = await serviceFaults[fault](port, target.name)
  return createHandle(
    async () => held[Symbol.asyncDispose](),
    async () => port.seen(target.name),
  )
}

async function putOnRunner(_spec: RunnerFaultSpec, port: RunnerFaultPort): Promise<FaultHandle> {
  const held = await port.starve()
  return createHandle(
    async () => held[Symbol.asyncDispose](),
    async () => port.lagSeen(),
  )
}

const serviceFaults: Readonly<
  Record<ServiceFaultName, (port: ServiceFaultPort, service: string) => Promise<AsyncDisposable>>
> = {
  stopped: (port, service) => port.stop(service),
  frozen: (port, service) => port.freeze(service),
  killed: (port, service) => port.kill(service),
  restarted: (port, service) => port.restart(service),
}
