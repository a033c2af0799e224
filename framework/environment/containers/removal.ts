import { leaseLabel } from './labels.ts'
import type { DockerApi } from './testcontainers.ts'

/** Removes every container and network that carries this lease, and gives how many those were. */
export async function removeHeld(docker: DockerApi, leaseId: string): Promise<number> {
  const filters = { label: [`${leaseLabel}=${leaseId}`] }
  const containers = await docker.listContainers({ all: true, filters })
  // Whoever removes the same at the same time has done our work: another look shows it.
  await Promise.allSettled(
    containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  )
  const networks = await docker.listNetworks({ filters: JSON.stringify(filters) })
  await Promise.allSettled(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
  return containers.length + networks.length
}
