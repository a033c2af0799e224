import { spawn } from 'node:child_process'
import { glob, mkdir, rm } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Label } from './label.ts'
import type { PlannedRun } from './plan.ts'
import type { Store } from './store.ts'

export interface RunOptions {
  /** The repository. */
  readonly root: string
  readonly store: Store
  readonly seed: number
  /** The copy of the backend that carries the mutants. */
  readonly mutatedBackend?: string
  /** After this long a run is ended, in ms. */
  readonly limitMs: number
}

/** How long an interrupted gate may clear away, in ms, before it is killed; its keeper ends the rest then. */
const clearingMs = 15_000

/** Runs a real gate for one planned run, as a process of its own, and stores its journal and label. Leaves nothing else. */
export async function runCell(planned: PlannedRun, options: RunOptions): Promise<Label> {
  const { store, seed } = options
  const { cell, id, repetition, split } = planned
  const place = path.join(store.folder, 'places', id)
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { recursive: true })
  const begun = performance.now()
  const load = loadavg()[0]! / availableParallelism()
  try {
    const { exitCode, late, stderr } = await gate(planned, place, options)
    const journal = await journalIn(place)
    const problem = problemOf({ exitCode, late, stderr, journal })
    const label: Label = {
      ...{ schema: 'faultline.label/1', id, cell: cell.name, family: cell.family, defect: cell.defect },
      ...{ repetition, seed, split, truth: cell.truth, decidable: cell.decidable, bite: cell.bite },
      ...{ faults: cell.faults, exitCode, durationMs: Math.round(performance.now() - begun), load },
      ...(problem !== undefined && { problem }),
    }
    await store.keep(label, problem === undefined ? journal : undefined)
    return label
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface GateEnd {
  readonly exitCode: number | null
  readonly late: boolean
  readonly stderr: string
}

async function gate({ cell }: PlannedRun, place: string, options: RunOptions): Promise<GateEnd> {
  const suites = path.join(options.root, 'suites/attribution')
  const child = spawn(
    process.execPath,
    [
      ...['--conditions=faultline-source', '--disable-warning=ExperimentalWarning'],
      ...[path.join(options.root, 'framework/cli/main.ts'), 'gate', '--quiet'],
      ...['--config', path.join(suites, 'faultline.config.ts')],
      ...cell.faults.flatMap((fault) => ['--inject', fault]),
      ...(cell.files ?? []).map((file) => path.join(suites, file)),
    ],
    {
      cwd: options.root,
      env: {
        ...process.env,
        ...{ NODE_OPTIONS: '', VITEST: '', GITHUB_STEP_SUMMARY: '', FAULTLINE_BENCH_ROOT: place },
        ...(cell.defects.length > 0 && { FIXTURE_DEFECTS: cell.defects.join() }),
        ...(cell.mutant !== undefined && {
          FAULTLINE_BENCH_BACKEND: options.mutatedBackend,
          __STRYKER_ACTIVE_MUTANT__: cell.mutant,
        }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000)
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const over = new AbortController()
  const ended = exited.finally(() => over.abort())
  let late = false
  const deadline = async () => {
    await pause(options.limitMs, undefined, { signal: over.signal })
    late = true
    child.kill('SIGTERM')
    await pause(clearingMs, undefined, { signal: over.signal })
    child.kill('SIGKILL')
  }
  await Promise.all([ended, deadline().catch(() => undefined)])
  return { exitCode: await exited, late, stderr }
}

async function journalIn(place: string): Promise<string | undefined> {
  for await (const file of glob('.faultline/runs/*/journal.ndjson', { cwd: place }))
    return path.join(place, file)
  return undefined
}

function problemOf({ exitCode, late, stderr, journal }: GateEnd & { journal: string | undefined }) {
  if (late) return 'ended at its deadline'
  if (exitCode === null || ![0, 1, 3, 75].includes(exitCode)) return `exit ${exitCode}: ${stderr.trim()}`
  return journal === undefined ? 'no journal was written' : undefined
}
