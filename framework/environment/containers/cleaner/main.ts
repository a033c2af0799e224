/**
 * Removes every container and network that carries a run's lease: `main.ts LEASE-ID`. The keeper runs it when the run
 * ends, whatever ended it. It finds the engine as the run did, by the same environment variables.
 */
import { sleep } from '#core'
import { removeHeld } from '../removal.ts'
import { loadTestcontainers } from '../testcontainers.ts'

/** An owner that was killed may have asked for one more container, which the engine is still making. */
const settleMs = 300
const rounds = 20

const [leaseId] = process.argv.slice(2)
if (!leaseId) throw new TypeError('the lease is not named')
const { getContainerRuntimeClient } = await loadTestcontainers()
const { container } = await getContainerRuntimeClient()
let left = await removeHeld(container.dockerode, leaseId)
for (let round = 1; round < rounds; round++) {
  await sleep(settleMs)
  const found = await removeHeld(container.dockerode, leaseId)
  if (left === 0 && found === 0) break
  left = found
}
process.exit(left === 0 ? 0 : 1)
