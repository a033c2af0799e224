import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type EpochMs, FaultlineError, messageOf, now } from '#core'

const journalName = 'journal.ndjson'

type Shelf = 'runs' | 'environments'

/** Where the record of one run is kept. */
export interface RunFolder {
  /** Sorts by the time of its making: `20261123T185301123Z-9f3a`. */
  readonly id: string
  readonly folder: string
  readonly journal: string
}

/**
 * Makes the folder of a new run, `<root>/.faultline/runs/<id>`; no two runs ever get the same one. What is brought up without a
 * run to judge is kept under `environments`, where nobody takes it for one.
 *
 * @throws FaultlineError `FL6003` when it can't be made.
 */
export async function createRun(root: string, shelf: Shelf = 'runs'): Promise<RunFolder> {
  const parent = shelfOf(root, shelf)
  try {
    await mkdir(root, { recursive: true })
    // One by one: where nothing may be written, Node says of many at once that they don't exist.
    for (const folder of [dirname(parent), parent]) await makeOwn(folder)
    for (;;) {
      const run = runAt(join(parent, newId(now())))
      if (await makeOwn(run.folder)) return run
    }
  } catch (error) {
    throw new FaultlineError('FL6003', `${parent}: ${messageOf(error)}`, {
      remedy: 'Make room on the disk, or run where files may be written.',
      cause: error,
    })
  }
}

/** Makes the folder; false when it is there already. */
async function makeOwn(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Finds a run by its id, its folder or its journal file (paths as the working directory sees them); without any, the latest that has a journal.
 *
 * @throws FaultlineError `FL6001` when there is none.
 */
export async function findRun(root: string, which?: string): Promise<RunFolder> {
  const run = which === undefined ? await latest(root) : await named(root, which)
  if (run) return run
  throw new FaultlineError(
    'FL6001',
    which === undefined
      ? `no run is recorded in ${runsOf(root)}`
      : `no run has this id, folder or file: ${which}`,
    { remedy: `Give an id from ${runsOf(root)}, a folder, or the path of a journal.` },
  )
}

async function named(root: string, which: string): Promise<RunFolder | undefined> {
  const places = [join(runsOf(root), which), join(shelfOf(root, 'environments'), which), resolve(which)]
  for (const path of places) {
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile()) return { id: basename(dirname(path)), folder: dirname(path), journal: path }
    if (found?.isDirectory() && existsSync(runAt(path).journal)) return runAt(path)
  }
  return undefined
}

async function latest(root: string): Promise<RunFolder | undefined> {
  const ids = await readdir(runsOf(root)).catch(() => [])
  return ids
    .sort()
    .reverse()
    .map((id) => runAt(join(runsOf(root), id)))
    .find((run) => existsSync(run.journal))
}

function runsOf(root: string): string {
  return shelfOf(root, 'runs')
}

function shelfOf(root: string, shelf: Shelf): string {
  return join(root, '.faultline', shelf)
}

function runAt(folder: string): RunFolder {
  return { id: basename(folder), folder, journal: join(folder, journalName) }
}

function newId(at: EpochMs): string {
  return `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${randomBytes(2).toString('hex')}`
}
