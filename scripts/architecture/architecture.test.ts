import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { importsOf, readImports } from './imports.ts'
import { checkBorders, checkCycles, checkDirections, checkHomes, stages } from './rules.ts'

const root = path.resolve(import.meta.dirname, '../..')
const imports = readImports(root, ['framework', 'suites', 'fixtures'])

test('imports go one way along the data path, through each stage’s door', () => {
  expect(checkDirections(imports)).toEqual([])
})

test('no file reaches itself by its imports', () => {
  expect(checkCycles(imports)).toEqual([])
})

test('each third-party package has one home', () => {
  expect(checkHomes(imports)).toEqual([])
})

test('the reference application shares no code with the library, and the suites use its public name', () => {
  expect(checkBorders(imports)).toEqual([])
})

test('every door that package.json declares is a stage’s', () => {
  const { imports: declared } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    imports: object
  }
  for (const name of Object.keys(declared)) expect(stages).toContain(name.slice(1).split('/')[0])
})

test('process.env is read in settings only', () => {
  // What runs in a user's program may read it: what `faultline init` writes, which is a text, and what is loaded before a service.
  const mayNameIt = [
    'framework/settings/',
    'framework/cli/init/templates.ts',
    'framework/environment/embedded/names-preload.ts',
  ]
  const readers = new Set(
    readImportsText()
      .filter(
        ([file, text]) =>
          /process\.env\b/.test(text) && !mayNameIt.some((allowed) => file.startsWith(allowed)),
      )
      .map(([file]) => file),
  )
  expect([...readers]).toEqual([])
})

test('no program is started by a shell: a folder’s name, a branch or an id may hold anything', () => {
  const shells = readImportsText(['framework/', 'fixtures/', 'suites/']).filter(([, text]) => usesShell(text))
  expect(shells.map(([file]) => file)).toEqual([])
})

test.each([
  "import { exec } from 'node:child_process'",
  "import { execSync, spawn } from 'node:child_process'",
  'spawn(file, args, { shell: true })',
  "childProcess.execSync('ls')",
])('a shell is found in: %s', (text) => {
  expect(usesShell(text)).toBe(true)
})

function usesShell(text: string): boolean {
  return /\bshell: ?(?:true|['"])|\bexecSync\(|\{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/.test(
    text,
  )
}

function readImportsText(folders = ['framework/']): [string, string][] {
  const isWithin = (file: string) => folders.some((folder) => file.startsWith(folder))
  const files = [...new Set(imports.map(({ file }) => file))].filter(isWithin)
  return files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')])
}

test.each([
  [
    'a value from a stage to the right',
    `import { decide } from '#decision'`,
    'framework/probe/x.ts',
    'one-way',
  ],
  ['a value from another stage', `import { look } from '#probe'`, 'framework/verdict/x.ts', 'values'],
  ['a deep import past a door', `import { a } from '../probe/http.ts'`, 'framework/verdict/x.ts', 'door'],
])('%s is refused with its remedy', (_what, text, file, rule) => {
  expect(checkDirections(importsOf(file, text)).map((violation) => violation.rule)).toEqual([rule])
})

test('a cycle is named by its files', () => {
  const two = [
    ...importsOf('framework/core/a.ts', `import './b.ts'`),
    ...importsOf('framework/core/b.ts', `import './a.ts'`),
  ]
  expect(checkCycles(two)[0]?.message).toContain(
    'framework/core/a.ts → framework/core/b.ts → framework/core/a.ts',
  )
})
