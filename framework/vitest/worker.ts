import { Redactor } from '#core'
import { type Capture, startCapture } from '#evidence'
import { startLagSampler } from '#probe'
import { type CoordinatorClient, connectCoordinator } from '#run'
import { type ProvidedToWorkers, unguidedSettings } from './provided.ts'

/** The name of this process in the run's records. */
export const workerName = `worker:${process.pid}`

const lagEveryMs = 250

/** This test process, as the run knows it. */
export interface Worker extends AsyncDisposable {
  readonly settings: ProvidedToWorkers
  readonly coordinator: CoordinatorClient | undefined
  readonly capture: Capture
  /** Knows the secrets of the run. */
  readonly redactor: Redactor
}

/**
 * Joins the run that `provided` names, and goes by what its owner says, which may first have to come up; without settings or
 * owner the worker is on its own.
 */
export async function joinRun(provided: ProvidedToWorkers = unguidedSettings): Promise<Worker> {
  const coordinator =
    provided.coordinator &&
    (await connectCoordinator(provided.coordinator, { worker: workerName, pid: process.pid }))
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
    async [Symbol.asyncDispose]() {
      sampler?.[Symbol.dispose]()
      capture[Symbol.dispose]()
      await coordinator?.[Symbol.asyncDispose]()
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
