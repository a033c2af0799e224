import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readJournal } from '#journal'
import { outputsIn, plant } from './canaries.ts'
import { type LeakyProject, leakyProject } from './leaky-project.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-places-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Every run that is recorded below a project, read back. */
async function journalsOf(project: LeakyProject) {
  const runs = path.join(project.folder, '.faultline/runs')
  return Promise.all((await readdir(runs)).map((id) => readJournal(path.join(runs, id, 'journal.ndjson'))))
}

/** A file system of its own at this folder, for as long as `use` takes. */
async function mounted(at: string, options: string, use: () => Promise<void>): Promise<void> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at])
  try {
    await use()
  } finally {
    execFileSync('umount', ['-l', at])
  }
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.each([
  ['spaces, letters of the world and an emoji', 'ein Ordner – føø 目录 💥'],
  ['what shells read', `it's "$HOME" ;$(touch x) & \`y\``],
  ['a long path', path.join(...Array.from({ length: 12 }, () => 'long-'.repeat(12)))],
])('a gate runs in a folder whose name has %s', async (_, name) => {
  await using project = await leakyProject(plant(), path.join(folder, name))
  const { exitCode, stdout, stderr } = await project.faultline(['gate', '--env', 'own'])
  expect(exitCode, stdout + stderr).toBe(1)
  expect(await journalsOf(project)).toMatchObject([{ torn: false }])
})

test('errors of 100 MB, in circles or that refuse to be read, and 100 MB of prints make no large run', async () => {
  await using project = await leakyProject(plant(), path.join(folder, 'floods'))
  const { exitCode, stdout, stderr } = await project.faultline(['gate', '--env', 'own'], {
    TESTS: 'floods/*.test.ts',
  })
  expect(exitCode, stdout + stderr).toBe(1)
  expect((stdout + stderr).length).toBeLessThan(200_000)
  const [journal] = await journalsOf(project)
  const failed = journal!.records.filter(
    ({ kind, data }) => kind === 'attempt' && (data as { outcome: string }).outcome === 'failed',
  )
  expect(new Set(failed.map(({ data }) => (data as { testId: string }).testId)).size).toBe(4)
  const kept = await outputsIn(path.join(project.folder, '.faultline'))
  expect(kept.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(40 * 1024 * 1024)
})

test('two gates of one project at once have a run each, and end alike', async () => {
  await using project = await leakyProject(plant(), path.join(folder, 'two'))
  const both = await Promise.all([1, 2].map(() => project.faultline(['gate', '--env', 'own'])))
  expect(both.map(({ exitCode }) => exitCode)).toEqual([1, 1])
  expect(await journalsOf(project)).toMatchObject([{ torn: false }, { torn: false }])
})

test.skipIf(!canMount())(
  'a full disk ends a gate with an error that says so, and its journal can be read',
  async () => {
    await using project = await leakyProject(plant(), path.join(folder, 'full'))
    const state = path.join(project.folder, '.faultline')
    await mkdir(state)
    await mounted(state, 'size=96k', async () => {
      const { exitCode, stderr } = await project.faultline(['gate', '--env', 'own'])
      expect(stderr).toMatch(/^FL\d{4} /m)
      expect(stderr).toContain('ENOSPC')
      expect(exitCode).toBe(70)
      for (const { records } of await journalsOf(project))
        expect(records[0]).toMatchObject({ kind: 'journal' })
    })
  },
)

test.skipIf(!canMount())(
  'a checkout that can only be read is said to be so, by an error of its own',
  async () => {
    await using project = await leakyProject(plant(), path.join(folder, 'read-only'))
    const state = path.join(project.folder, '.faultline')
    await mkdir(state)
    await mounted(state, 'size=1m,ro', async () => {
      const { exitCode, stderr } = await project.faultline(['gate', '--env', 'own'])
      expect(stderr).toMatch(/^FL6003 /m)
      expect(stderr).toContain('EROFS')
      expect(exitCode).toBe(70)
    })
  },
)
