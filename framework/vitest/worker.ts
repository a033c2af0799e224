import { Redactor } from '#core'
import { type Capture, startCapture } from '#evidence'
import { startLagSampler } from '#probe'
import { type CoordinatorClient, connectCoordinator } from '#run'
import type { ProvidedToWorkers } from './provided.ts'

/** The name of this process in the run's records. */
export const workerName = `worker:${process.pid}`

const lagEveryMs = 250

/** This test process, as the run knows it. */
export interface Worker extends Disposable {
  readonly settings: ProvidedToWorkers
  readonly coordinator: CoordinatorClient | undefined
  readonly capture: Capture
  /** Knows the secrets of the run. */
  readonly redactor: Redactor
}

/** Connects to the owner of the run that `provided` names, if there is one, and waits until it is ready: its environment may first have to come up. */
export async function findOwner(
  { coordinator }: ProvidedToWorkers,
  signal: AbortSignal,
): Promise<CoordinatorClient | undefined> {
  return coordinator && connectCoordinator(coordinator, { worker: workerName, pid: process.pid, signal })
}

/** Joins a run, and goes by what its owner says; without settings or owner the worker is on its own. */
export function joinRun(provided: ProvidedToWorkers, coordinator: CoordinatorClient | undefined): Worker {
  const settings = { ...provided, ...coordinator?.settings }
  const redactor = new Redactor()
  for (const secret of settings.secrets) redactor.add(secret)
  const targets = targetsOf(settings)
  const capture = startCapture({
    targetOf: (host) => targets.get(host),
    redact: (text) => redactor.text(text),
  })
  const sampler =
    coordinator &&
    startLagSampler({
      process: workerName,
      everyMs: lagEveryMs,
      emit: (sample) => coordinator.runnerSample(sample),
    })
  return {
    settings,
    coordinator,
    capture,
    redactor,
    [Symbol.dispose]() {
      sampler?.[Symbol.dispose]()
      capture[Symbol.dispose]()
    },
  }
}

const defaultPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'ws:': '80',
  'https:': '443',
  'wss:': '443',
}

/** The service behind each `host:port` that the run's owner told of. */
function targetsOf({ entry, addresses }: ProvidedToWorkers): Map<string, string> {
  const told = Object.entries(addresses).flatMap(([service, { direct, throughLink }]) => [
    [direct, service] as const,
    [throughLink, service] as const,
  ])
  if (entry) told.push([entry.url, entry.service])
  return new Map(
    told.map(([address, service]) => {
      const { hostname, port, protocol } = new URL(address)
      return [`${hostname}:${port || defaultPorts[protocol] || ''}`, service]
    }),
  )
}
