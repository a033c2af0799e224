import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Removes the shared memory that PostgreSQL servers with their data in `folder` left when they were killed: it
 * outlives every process. Only a segment that the server itself made and nobody uses any more is touched.
 */
export async function removeSharedMemory(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const server = await readServer(join(folder, name, 'postmaster.pid'))
    if (server === undefined || !(await isAbandoned(server))) continue
    // Without the tool the segment, 56 bytes of it, stays.
    await promisify(execFile)('ipcrm', ['-m', server.segment]).catch(() => {})
  }
}

interface Server {
  readonly pid: string
  readonly segment: string
}

/** The first line of the file is the server's pid (negative in single-user mode), the seventh its segment's key and id. */
async function readServer(file: string): Promise<Server | undefined> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const segment = lines[6]?.trim().split(/\s+/)[1]
  return lines[0] && segment ? { pid: lines[0].trim().replace('-', ''), segment } : undefined
}

async function isAbandoned({ pid, segment }: Server): Promise<boolean> {
  const table = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '')
  return table.split('\n').some((line) => {
    const [, id, , , creator, , attached] = line.trim().split(/\s+/)
    return id === segment && creator === pid && attached === '0'
  })
}
