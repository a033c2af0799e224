import { composeProject, composeProjectLabel, leaseLabel } from './labels.ts'
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

/** Removes everything of this lease, and of its compose project, and gives how much that was. */
export async function removeHeld(docker: DockerApi, leaseId: string): Promise<number> {
  const labels = [`${leaseLabel}=${leaseId}`, `${composeProjectLabel}=${composeProject(leaseId)}`]
  const found = async <T>(list: (label: string) => Promise<readonly T[] | null>) =>
    (await Promise.all(labels.map(list))).flatMap((some) => some ?? [])
  const containers = await found((label) => docker.listContainers({ all: true, filters: { label: [label] } }))
  // Whoever removes the same at the same time has done our work: another look shows it.
  await Promise.allSettled(
    containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  )
  const filters = (label: string) => ({ filters: JSON.stringify({ label: [label] }) })
  const [networks, volumes] = await Promise.all([
    found((label) => docker.listNetworks(filters(label))),
    found(async (label) => (await docker.listVolumes(filters(label))).Volumes),
  ])
  await Promise.allSettled([
    ...networks.map(({ Id }) => removeNetwork(docker, Id)),
    ...volumes.map(({ Name }) => docker.getVolume(Name).remove({ force: true })),
  ])
  return containers.length + networks.length + volumes.length
}
