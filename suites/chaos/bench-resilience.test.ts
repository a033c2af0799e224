import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

interface Counts {
  readonly failed: number
}

interface Result {
  readonly byProfile: Readonly<Record<string, Counts>>
  readonly databaseAway: { readonly writesAckedOrRefused: number }
  readonly lost: number
  readonly doubled: number
}

/** Calls the bench as `npm run bench:resilience` does. */
async function bench(
  args: readonly string[],
  defects = '',
): Promise<{ exitCode: number | null; stderr: string; result: Result }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-bench-'))
  const json = path.join(folder, 'resilience.json')
  try {
    const child = spawn(
      process.execPath,
      [
        ...['--conditions=faultline-source', '--disable-warning=ExperimentalWarning'],
        ...['scripts/bench-resilience.ts', '--json', json, ...args],
      ],
      {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: '', VITEST: '', FIXTURE_DEFECTS: defects },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    const [stderr, [exitCode]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    const written = await readFile(json, 'utf8').catch(() => {
      throw new Error(`the bench wrote nothing: ${stderr}`)
    })
    return { exitCode, stderr, result: JSON.parse(written) as Result }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const share = expect.any(Number)
const counts = { correct: share, degraded: share, refused: share, failed: share, late: share }

test('the chat keeps its hard promises whatever is disturbed, and the figures have their shape', async () => {
  const { exitCode, stderr, result } = await bench(['--quick'])
  expect({ exitCode, result }, stderr).toMatchObject({
    exitCode: 0,
    result: {
      byProfile: { 'cloud-sql-maintenance': counts, 'reset-after-commit': counts },
      optionalAway: { usefulShare: share },
      databaseAway: { readsUseful: share, writesAckedOrRefused: 1 },
      overall: { usefulShare: share },
      withoutResilience: { usefulShare: share },
      lost: 0,
      doubled: 0,
    },
  })
})

test('the bench finds messages that are acknowledged and not kept', async () => {
  const { exitCode, stderr, result } = await bench(
    ['--only', 'cloud-sql-maintenance@app/database'],
    'acknowledged-unkept',
  )
  expect(exitCode, stderr).toBe(1)
  expect(result.lost, stderr).toBeGreaterThan(0)
})

test('the bench finds old histories that pass for the present one', async () => {
  const { stderr, result } = await bench(['--only', 'one-way-silence@app/database'], 'stale-unmarked')
  expect(result.byProfile['one-way-silence']?.failed, stderr).toBeGreaterThan(0)
})
