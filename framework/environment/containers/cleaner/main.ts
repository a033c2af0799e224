/**
 * Removes every container and network that carries a run's lease: `main.ts LEASE-ID`. The keeper runs it when the run
 * ends, whatever ended it. It finds the engine as the run did, by the same environment variables.
 */
import { sleep } from '#core'
import { leaseLabel } from '../labels.ts'
import { type DockerApi, loadTestcontainers } from '../testcontainers.ts'

/** An owner that was killed may have asked for one more container, which the engine is still making. */
const settleMs = 300
const rounds = 20

const [leaseId] = process.argv.slice(2)
if (!leaseId) throw new TypeError('the lease is not named')
const { getContainerRuntimeClient } = await loadTestcontainers()
const { container } = await getContainerRuntimeClient()
let left = await removeAll(container.dockerode, leaseId)
for (let round = 1; round < rounds; round++) {
  await sleep(settleMs)
  const found = await removeAll(container.dockerode, leaseId)
  if (left === 0 && found === 0) break
  left = found
}
process.exit(left === 0 ? 0 : 1)

/** Removes what is there, and gives how many things that were. */
async function removeAll(docker: DockerApi, lease: string): Promise<number> {
  const filters = { label: [`${leaseLabel}=${lease}`] }
  const containers = await docker.listContainers({ all: true, filters })
  // Whoever removes the same at the same time has done our work: the next round shows it.
  await Promise.allSettled(
    containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  )
  const networks = await docker.listNetworks({ filters: JSON.stringify(filters) })
  await Promise.allSettled(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
  return containers.length + networks.length
}
