import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FaultlineError, messageOf } from '#core'
import type { ComposeService } from '../compose.ts'
import { logFile } from '../embedded/site.ts'
import { runCommand } from '../run-command.ts'
import { composeEnvironment, findCompose } from './compose-command.ts'
import { followLog, type StartedContainer } from './container.ts'
import { composeProject, composeProjectLabel, composeServiceLabel, roleLabel } from './labels.ts'
import type { Site } from './site.ts'

/** Each service's port on this machine: it stays while the service is down, so it is the run's own and not the engine's choice. */
export type ComposePorts = ReadonlyMap<string, number>

/** The services that come from a compose file. */
export function composeServices({ definition }: Pick<Site, 'definition'>): [string, ComposeService][] {
  return Object.entries(definition.services).flatMap(([name, service]) =>
    service.kind === 'compose' ? [[name, service] as [string, ComposeService]] : [],
  )
}

/** Gives each service from a compose file its port. */
export async function composePorts(site: Site): Promise<ComposePorts> {
  const ports = new Map<string, number>()
  for (const [name] of composeServices(site)) ports.set(name, await site.ports.take())
  return ports
}

/**
 * Brings up the services from the compose file, and what they depend on, as one project of the run.
 * Throws FL2001, and FL2006 without Docker Compose.
 */
export async function startCompose(
  site: Site,
  ports: ComposePorts,
): Promise<ReadonlyMap<string, StartedContainer>> {
  const { options, engine, leaseId, lease, signal } = site
  const services = composeServices(site)
  const [first] = services
  if (!first) return new Map()
  const { inheritEnv, root, stateDir } = options
  const command = await findCompose(inheritEnv, signal)
  const additions = join(stateDir, 'compose.faultline.json')
  await writeFile(additions, JSON.stringify({ services: additionsFor(site, ports) }))
  const file = resolve(root, first[1].file)
  const names = services.map(([, { service }]) => service)
  const project = ['--project-name', composeProject(leaseId), '--file', file, '--file', additions]
  try {
    await runCommand(
      command.file,
      [...command.args, ...project, 'up', '--detach', '--quiet-pull', ...names],
      // With the lease in its environment it ends with the run, also when the run's owner is killed meanwhile.
      { cwd: root, environment: { ...composeEnvironment(inheritEnv, engine), ...lease.environment }, signal },
    )
  } catch (cause) {
    signal.throwIfAborted()
    throw new FaultlineError('FL2001', `the services of ${file} did not come up: ${messageOf(cause)}`, {
      cause,
      remedy: `Try it yourself: docker compose --file ${first[1].file} up ${names.join(' ')}`,
    })
  }
  const started = services.map(async ([name, { service }]) => {
    const id = await containerOf(site, service)
    followLog(engine, id, logFile(options, name))
    return [name, { id, place: () => `${engine.host}:${ports.get(name)}` }] as const
  })
  return new Map(await Promise.all(started))
}

/** What the run adds to the user's file: whose the containers are, a way from here, and that the run's supervisor restarts them. */
function additionsFor({ engine, labels, ...site }: Site, ports: ComposePorts) {
  const additions = composeServices(site).map(([name, { service, port }]) => [
    service,
    {
      labels: { ...labels, [roleLabel]: name },
      ports: [`${engine.isLocal ? '127.0.0.1:' : ''}${ports.get(name)}:${port}`],
      restart: 'no',
    },
  ])
  return Object.fromEntries(additions) as Record<string, object>
}

async function containerOf({ engine, leaseId }: Site, service: string): Promise<string> {
  const label = [`${composeProjectLabel}=${composeProject(leaseId)}`, `${composeServiceLabel}=${service}`]
  const [found, another] = await engine.docker.listContainers({ all: true, filters: { label } })
  if (found && !another) return found.Id
  throw new FaultlineError(
    'FL2001',
    `the compose file makes ${found ? 'more than one container' : 'no container'} of "${service}"`,
    { remedy: 'A service of an environment is one container: no scale, no replicas.' },
  )
}
