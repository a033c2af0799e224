import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processesOf } from '../gate/traces.ts'
import { type CommandResult, copyCheckout, mustRun, root, run } from './commands.ts'

/** Root turns into somebody without rights; whoever isn't root is that already. */
const user = process.getuid?.() === 0 ? 65_534 : undefined

let place: string
let temporary: string

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'a place with spaces '))
  temporary = path.join(place, 'tmp')
  const home = path.join(place, 'home')
  await Promise.all([
    mkdir(home),
    mkdir(temporary),
    install(),
    copyCheckout(clone('one')),
    copyCheckout(clone('two')),
  ])
  for (const name of ['one', 'two'])
    await symlink(path.join(place, 'node_modules'), path.join(clone(name), 'node_modules'))
  if (user !== undefined) await mustRun('chown', ['-R', `${user}:${user}`, place], { cwd: place })
}, 120_000)
afterAll(() => rm(place, { recursive: true, force: true }))

function clone(name: string): string {
  return path.join(place, `clone ${name}`)
}

/** A copy of what is installed here, with the stamp that the bootstrap leaves: a clone that was started before. */
async function install(): Promise<void> {
  const modules = path.join(place, 'node_modules')
  await mustRun('cp', ['-R', path.join(root, 'node_modules'), modules], { cwd: place })
  const lock = await readFile(path.join(root, 'package-lock.json'))
  await writeFile(path.join(modules, '.installed-from'), createHash('sha256').update(lock).digest('hex'))
}

function npmStart(name: string): Promise<CommandResult> {
  const env = { HOME: path.join(place, 'home'), TMPDIR: temporary }
  return run('npm', ['start'], { cwd: clone(name), env, ...(user !== undefined && { user }) })
}

describe('npm start of a user without rights, in clones whose path has spaces', () => {
  test('passes, again and side by side, and leaves nothing', async () => {
    const runs = [await npmStart('one'), ...(await Promise.all([npmStart('one'), npmStart('two')]))]
    for (const { exitCode, output } of runs) expect(exitCode, output).toBe(0)
    expect(processesOf(temporary).map(({ command }) => command)).toEqual([])
    // Node and Chromium have files of their own there; ours are the folders of runs.
    expect((await readdir(temporary)).filter((name) => name.startsWith('faultline-'))).toEqual([])
  }, 180_000)
})

test('a fresh clone can be installed from its lock file', async () => {
  const fresh = path.join(place, 'fresh')
  await copyCheckout(fresh)
  const { exitCode, output } = await run('npm', ['ci', '--dry-run', '--prefer-offline'], { cwd: fresh })
  expect(exitCode, output).toBe(0)
})
