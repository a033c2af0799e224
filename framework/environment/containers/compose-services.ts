import { protocolOf } from '../given.ts'
import { composePorts, composeServices, startCompose } from './compose.ts'
import type { StartedContainer } from './container.ts'
import { launch, type Supervision } from './launch.ts'
import { connect, untilDatabaseServes } from './services.ts'
import type { Site } from './site.ts'

/** Starts the services from a compose file, and settles when they are in the run's network and their databases serve. */
export async function launchCompose(
  site: Site,
  supervision: Supervision,
): Promise<Readonly<Record<string, StartedContainer>>> {
  const ports = await composePorts(site)
  let starting: ReturnType<typeof startCompose> | undefined
  const launched = composeServices(site).map(async ([name, service]) => {
    const container = await launch(site, supervision, name, async () => {
      // All of them are under supervision before the first of them starts, since one command starts them all.
      starting ??= Promise.resolve().then(() => startCompose(site, ports))
      const started = (await starting).get(name)
      if (!started) throw new RangeError(`"${name}" has no container`)
      return started
    })
    await connect(site, name, container.id)
    if (protocolOf(service) === 'postgres')
      await untilDatabaseServes(site, name, container.place(service.port))
    return [name, container] as const
  })
  return Object.fromEntries(await Promise.all(launched))
}
