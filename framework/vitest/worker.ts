import { type CoordinatorClient, connectCoordinator } from '#run'
import { type ProvidedToWorkers, unguidedSettings } from './provided.ts'
import type { AttemptScope } from './scope.ts'

/** The name of this process in the run's records. */
export const workerName = `worker:${process.pid}`

/** This test process, as the run knows it. */
export interface Worker extends AsyncDisposable {
  readonly settings: ProvidedToWorkers
  readonly coordinator: CoordinatorClient | undefined
  readonly capture: { enter(scope: AttemptScope): void }
}

/** Joins the run that `settings` describe; without settings or owner the worker is on its own. */
export async function joinRun(settings: ProvidedToWorkers = unguidedSettings): Promise<Worker> {
  const coordinator =
    settings.coordinator &&
    (await connectCoordinator(settings.coordinator, { worker: workerName, pid: process.pid }))
  return {
    settings,
    coordinator,
    capture: { enter() {} },
    async [Symbol.asyncDispose]() {
      await coordinator?.[Symbol.asyncDispose]()
    },
  }
}
