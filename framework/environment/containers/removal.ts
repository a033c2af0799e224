import { leaseLabel } from './labels.ts'
import type { DockerApi } from './testcontainers.ts'

/** What is still in it was taken in and not made for it: it is let go, and stays. */
async function removeNetwork(docker: DockerApi, id: string): Promise<void> {
  const network = docker.getNetwork(id)
  const { Containers = {} } = (await network.inspect()) as { Containers?: Record<string, unknown> }
  await Promise.allSettled(
    Object.keys(Containers).map((Container) => network.disconnect({ Container, Force: true })),
  )
  await network.remove()
}

/** Removes every container and network that carries this lease, and gives how many those were. */
export async function removeHeld(docker: DockerApi, leaseId: string): Promise<number> {
  const filters = { label: [`${leaseLabel}=${leaseId}`] }
  const containers = await docker.listContainers({ all: true, filters })
  // Whoever removes the same at the same time has done our work: another look shows it.
  await Promise.allSettled(
    containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  )
  const networks = await docker.listNetworks({ filters: JSON.stringify(filters) })
  await Promise.allSettled(networks.map(({ Id }) => removeNetwork(docker, Id)))
  return containers.length + networks.length
}
