import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exampleProject as project } from './project.test-data.ts'
import { githubWorkflow, gitlabJob } from './workflows.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'faultline-workflow-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the gate's step as GitHub does, where gates end with these codes one after the other and waiting takes no time. */
function runStep(...codes: number[]) {
  const script = /run: \|\n((?: {10}.*\n)+)/
    .exec(githubWorkflow(project, false))![1]!
    .replaceAll(/^ {10}/gm, '')
  const program = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`)
    chmodSync(path.join(folder, name), 0o755)
  }
  writeFileSync(path.join(folder, 'codes'), codes.join('\n'))
  program('npx', 'echo gate >> calls; code=$(head -1 codes); sed -i 1d codes; exit "$code"')
  program('sleep', 'echo "waited $1" >> calls')
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${folder}:/usr/bin:/bin` },
    encoding: 'utf8',
  })
  return { status, stdout, calls: readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n') }
}

test.each([
  [0, ''],
  [1, '::error title=Faultline block::'],
  [3, '::error title=Faultline undecided::'],
  [70, '::error title=Faultline no decision::'],
  [78, '::error title=Faultline no decision::'],
])('a gate that ends with %i ends the step so, at once', (code, annotation) => {
  const { status, stdout, calls } = runStep(code)
  expect({ status, calls }).toEqual({ status: code, calls: ['gate'] })
  expect(stdout.startsWith(annotation)).toBe(true)
  expect(stdout === '').toBe(annotation === '')
})

test('a hold is tried again later, and then decides as it ends', () => {
  expect(runStep(75, 0)).toMatchObject({ status: 0, calls: ['gate', 'waited 300', 'gate'] })
})

test('a hold that stays ends the step with 75 after the third try', () => {
  const { status, stdout, calls } = runStep(75, 75, 75)
  expect(status).toBe(75)
  expect(calls.filter((call) => call === 'gate')).toHaveLength(3)
  expect(stdout).toContain('::error title=Faultline hold::')
})

test.each([
  ['npm', 'npm ci', 'npx faultline gate'],
  ['pnpm', 'pnpm install --frozen-lockfile', 'pnpm exec faultline gate'],
  ['yarn', 'yarn install --immutable', 'yarn faultline gate'],
  ['bun', 'bun install --frozen-lockfile', 'bunx faultline gate'],
] as const)('both pipelines install and run by %s', (packageManager, install, gate) => {
  for (const text of [
    githubWorkflow({ ...project, packageManager }, false),
    gitlabJob({ ...project, packageManager }),
  ]) {
    expect(text).toContain(install)
    expect(text).toContain(gate)
  }
})

test('both pipelines keep the page and JUnit, also of a gate that failed', () => {
  expect(githubWorkflow(project, false)).toMatch(/if: always\(\)[\s\S]*faultline-report\//)
  expect(gitlabJob(project)).toMatch(/when: always[\s\S]*junit: faultline-report\/junit.xml/)
})

test('GitLab tries a hold again, and nothing else', () => {
  expect(gitlabJob(project)).toContain('retry:\n    max: 2\n    exit_codes: 75\n')
})
