import type { EventHub, Services } from '../embedded/services.ts'
import { logFile } from '../embedded/site.ts'
import { followLog, type StartedContainer } from './container.ts'
import type { Site } from './site.ts'
import { ContainerSupervisor } from './supervisor.ts'
import type { Watcher } from './watcher.ts'

/** What keeps the services of a run running, and tells what becomes of them. */
export interface Supervision {
  readonly watcher: Watcher
  readonly services: Services
  readonly hub: EventHub
}

/** Puts a service under supervision, and settles when its container was started, as `create` starts it. */
export function launch(
  site: Site,
  { watcher, services, hub }: Supervision,
  name: string,
  create: () => Promise<StartedContainer>,
): Promise<StartedContainer> {
  const log = logFile(site.options, name)
  const supervisor = new ContainerSupervisor({
    name,
    logFile: log,
    docker: site.engine.docker,
    create,
    followLog: (id, since) => followLog(site.engine, id, log, since),
    emit: hub.emit,
  })
  watcher.onChange(name, (change) => supervisor.on(change))
  services.start(supervisor)
  return supervisor.launched
}
