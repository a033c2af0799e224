import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { classified, readChange } from './change.ts'

const globs = { tests: ['suites/**/*.test.ts'], application: ['src/**'] }

test.for([
  ['nothing', []],
  ['tests-only', ['suites/a.test.ts', 'suites/deep/b.test.ts']],
  ['application-only', ['src/a.ts']],
  ['both', ['suites/a.test.ts', 'src/a.ts', 'README.md']],
  ['unclear', ['suites/a.test.ts', 'package-lock.json']],
  ['unclear', ['README.md']],
  ['unclear', ['suites/a.test.ts', '../other-package/src/a.ts']],
] as const)('a change is %s: %s', ([kind, paths]) => {
  expect(classified(paths, globs).kind).toBe(kind)
})

test('a file that both kinds of globs match counts for both', () => {
  const { kind, files } = classified(['src/a.ts'], { tests: ['src/*.ts'], application: ['src/**'] })
  expect({ kind, both: files.both }).toEqual({ kind: 'both', both: 1 })
})

describe('in a git repository', () => {
  let top: string
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: top, stdio: 'pipe' })
  const put = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(top, file)), { recursive: true })
    await writeFile(path.join(top, file), text)
  }
  const commit = (message: string) => {
    git('add', '--all')
    git('commit', '--quiet', '--message', message)
  }
  const read = (base: string, root = top) =>
    readChange(base, { root, change: globs }, AbortSignal.timeout(20_000))

  beforeEach(async () => {
    top = await mkdtemp(path.join(tmpdir(), 'faultline-change '))
    git('init', '--quiet', '--initial-branch=main')
    await put('src/a.ts', '1')
    await put('suites/a.test.ts', '1')
    commit('first')
    git('switch', '--quiet', '--create', 'work')
  })
  afterEach(() => rm(top, { recursive: true, force: true }))

  test('a branch that touches tests only is told so, whatever its base did meanwhile', async () => {
    await put('suites/a.test.ts', '2')
    commit('a test')
    git('switch', '--quiet', 'main')
    await put('src/a.ts', '2')
    commit('meanwhile')
    git('switch', '--quiet', 'work')
    expect(await read('main')).toMatchObject({ kind: 'tests-only', paths: ['suites/a.test.ts'] })
  })

  test('what isn’t committed yet counts, new files too', async () => {
    await put('suites/a.test.ts', '2')
    await put('src/new.ts', '1')
    expect((await read('main')).kind).toBe('both')
  })

  test('a file that was moved out of the application counts for both its places', async () => {
    git('mv', 'src/a.ts', 'suites/moved.test.ts')
    commit('move')
    expect((await read('main')).kind).toBe('both')
  })

  test('a change beside the root isn’t overlooked', async () => {
    await put('suites/a.test.ts', '2')
    await put('elsewhere/lib.ts', '1')
    const change = await readChange(
      'main',
      { root: path.join(top, 'suites'), change: { tests: ['*.test.ts'], application: [] } },
      AbortSignal.timeout(20_000),
    )
    expect(change).toMatchObject({ kind: 'unclear', paths: ['a.test.ts', '../elsewhere/lib.ts'] })
  })

  test.for(['nowhere', '--help', 'main; echo'])('a ref that nobody knows is refused: %s', async (ref) => {
    await expect(read(ref)).rejects.toMatchObject({ code: 'FL1007', message: expect.stringContaining(ref) })
  })

  test('a shallow clone without the common commit says how to get it', async () => {
    await put('src/a.ts', '2')
    commit('work')
    git('switch', '--quiet', 'main')
    await put('src/b.ts', '2')
    commit('meanwhile')
    const clone = path.join(top, 'clone')
    git('clone', '--quiet', '--depth=1', '--no-single-branch', '--branch=work', `file://${top}`, clone)
    await expect(read('origin/main', clone)).rejects.toMatchObject({
      code: 'FL1007',
      remedy: expect.stringContaining('--unshallow'),
    })
  })
})

test('a folder outside any repository is refused', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'faultline-change-'))
  await expect(
    readChange('main', { root, change: globs }, AbortSignal.timeout(20_000)),
  ).rejects.toMatchObject({
    code: 'FL1007',
    message: expect.stringContaining('not in a git repository'),
  })
  await rm(root, { recursive: true })
})
