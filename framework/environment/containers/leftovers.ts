import { readlink } from 'node:fs/promises'
import { bootId } from '../embedded/run-folder.ts'
import { isRunning, type ProcessId, readProcess } from '../keeper/process-table.ts'
import { leaseLabel, ownerLabel } from './labels.ts'
import { removeHeld } from './removal.ts'
import type { DockerApi } from './testcontainers.ts'

/** Whose a container is, in words that only its own machine can check. */
export interface OwnerMark {
  /** One boot of one kernel, and one of its process namespaces: pids mean something there only. */
  readonly place: string
  readonly owner: ProcessId
  readonly keeper: ProcessId
}

/** The mark of what this process makes. */
export async function ownMark(keeper: ProcessId): Promise<OwnerMark> {
  const owner = readProcess(process.pid) ?? { pid: process.pid, startedAt: '' }
  return {
    place: await placeOfPids(),
    owner: { pid: owner.pid, startedAt: owner.startedAt },
    keeper: { pid: keeper.pid, startedAt: keeper.startedAt },
  }
}

/**
 * Removes what runs left whose owner and keeper were both killed. Whatever may be of another machine, or of another
 * container on this one, stays: an engine may serve many.
 */
export async function removeLeftovers(docker: DockerApi): Promise<void> {
  const place = await placeOfPids()
  const containers = await docker.listContainers({ all: true, filters: { label: [ownerLabel] } })
  const networks = await docker.listNetworks({ filters: JSON.stringify({ label: [ownerLabel] }) })
  const leases = [...containers, ...networks]
    .filter(({ Labels }) => isAbandoned(Labels?.[ownerLabel], place))
    .flatMap(({ Labels }) => Labels?.[leaseLabel] ?? [])
  await Promise.all([...new Set(leases)].map((lease) => removeHeld(docker, lease)))
}

/** Whether the owner and the keeper that a mark names ran in this place, and are gone. */
export function isAbandoned(mark: string | undefined, place: string): boolean {
  if (mark === undefined || place === '') return false
  try {
    const { place: itsPlace, owner, keeper } = JSON.parse(mark) as OwnerMark
    return itsPlace === place && !isRunning(owner) && !isRunning(keeper)
  } catch {
    return false
  }
}

/** Where this process's pid means something; empty where the system doesn't tell. */
async function placeOfPids(): Promise<string> {
  const [boot, namespace] = await Promise.all([bootId(), readlink('/proc/self/ns/pid').catch(() => '')])
  return boot === '' || namespace === '' ? '' : `${boot} ${namespace}`
}
