import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readProject } from './project.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'faultline-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes files; an object becomes JSON. */
function given(files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

test.each([
  ['package-lock.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
])('%s is a lock file of %s', (file, packageManager) => {
  given({ 'package.json': {}, [file]: '' })
  expect(readProject(folder)).toMatchObject({ packageManager, locked: true })
})

test('without a lock file, package.json names the package manager', () => {
  given({ 'package.json': { packageManager: 'pnpm@10.1.0' } })
  expect(readProject(folder)).toMatchObject({ packageManager: 'pnpm', locked: false })
})

test('a package of a workspace has its repository’s lock file and CI', () => {
  given({ '.git/config': '', '.github/x': '', 'yarn.lock': '', 'packages/api/package.json': {} })
  expect(readProject(path.join(folder, 'packages/api'))).toMatchObject({
    repository: folder,
    packageManager: 'yarn',
    ci: 'github',
  })
})

test.each([
  ['.github/CODEOWNERS', '', 'github'],
  ['.gitlab-ci.yml', '', 'gitlab'],
  ['.git/config', '[remote "origin"]\n\turl = git@github.com:a/b.git\n', 'github'],
  ['.git/config', '[remote "origin"]\n\turl = https://gitlab.example.test/a/b.git\n', 'gitlab'],
  ['.git/config', '[remote "origin"]\n\turl = /srv/b.git\n', undefined],
])('%s with %j tells of %s', (file, text, ci) => {
  given({ 'package.json': {}, [file]: text })
  expect(readProject(folder).ci).toBe(ci)
})

test('TypeScript and modules are told by package.json', () => {
  given({ 'package.json': { type: 'module', devDependencies: { typescript: '^7' } } })
  expect(readProject(folder)).toMatchObject({ language: 'ts', modules: 'esm' })
})

test('a project that says neither is JavaScript of CommonJS', () => {
  given({ 'package.json': {} })
  expect(readProject(folder)).toMatchObject({ language: 'js', modules: 'cjs' })
})

test('the installed version of Vitest counts more than the declared one', () => {
  given({
    'package.json': { devDependencies: { vitest: '^5.0.0' } },
    'node_modules/vitest/package.json': '{ "version": "3.2.4" }',
  })
  expect(readProject(folder).vitest).toBe(3)
})

test('Vitest that is declared only is known by its range', () => {
  given({ 'package.json': { devDependencies: { vitest: '^5.0.0' } } })
  expect(readProject(folder).vitest).toBe(5)
})

test.each([
  ['node server.js', 'server.js'],
  ['NODE_ENV=production node --env-file=.env ./server.js', 'server.js'],
  ['npm run build && node server.js --verbose', 'server.js'],
  ['tsx watch src/main.ts', 'src/main.ts'],
])('a start script of %j serves by %s', (start, server) => {
  given({ 'package.json': { scripts: { start } }, 'server.js': '', 'src/main.ts': '', 'index.js': '' })
  expect(readProject(folder).server).toBe(server)
})

test('a server that is named and isn’t there is not taken', () => {
  given({ 'package.json': { scripts: { start: 'node dist/server.js' } } })
  expect(readProject(folder).server).toBeUndefined()
})

test('the server’s own health path is taken', () => {
  given({
    'package.json': {},
    'server.js': `app.get("/api/health/live", ok); app.get('/healthy-food', list)`,
  })
  expect(readProject(folder).health).toBe('/api/health/live')
})

test('a package that talks to PostgreSQL tells of a database', () => {
  given({ 'package.json': { dependencies: { pg: '^8' } } })
  expect(readProject(folder).postgres).toBe(true)
})

test('a folder without package.json is refused, with what to do', () => {
  expect(() => readProject(folder)).toThrow(
    expect.objectContaining({ code: 'FL1004', remedy: expect.stringContaining('npm init') }),
  )
})
