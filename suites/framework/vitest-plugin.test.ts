import { spawn } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'

const vitest = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
)

/** Runs plain Vitest over a project, as a user would. */
async function plainVitest(
  args: readonly string[] = [],
  { project = 'plain', env = {} }: { project?: string; env?: Record<string, string> } = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=faultline-source',
      '--disable-warning=ExperimentalWarning',
      vitest,
      'run',
      '--configLoader=native',
      ...args,
    ],
    {
      cwd: path.join(import.meta.dirname, 'projects', project),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output: stripVTControlCharacters(output + errors) }
}

test('under plain Vitest a failure has its verdict, a blocked test is skipped, and the judging ends', async () => {
  const { output, code } = await plainVitest()
  expect(output).toContain('plain.e2e.ts > has a wrong value\n  → judged by VT.ASSERT')
  expect(output).toContain('plain.e2e.ts > needs the database\n  → blocked by database')
  expect(output).toMatch(/1 failed \| 1 passed \| 1 skipped/)
  expect(output).toContain('the judging has ended')
  expect(code).toBe(1)
})

test('a run in which nothing failed but something was blocked is no success', async () => {
  const { output, code } = await plainVitest(['-t', 'needs the database'])
  expect(output).toContain('blocked by database')
  expect(code).toBe(1)
})

test('files are loaded while the environment comes up, and their tests wait for it', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'faultline-coming-up-'))
  const env = { LOADED_FILE: path.join(folder.path, 'loaded') }
  const { output, code } = await plainVitest([], { project: 'coming-up', env })
  expect(output).toMatch(/Tests {2}1 passed/)
  expect(code).toBe(0)
})
