import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const pages = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]
// Inside the checkout, so that `faultline` resolves as it does for the suites.
const folder = mkdtempSync(path.join(root, 'node_modules/.docs-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('every TypeScript example in the documents compiles', () => {
  const files = pages.flatMap((page) => examplesOf(page))
  expect(files.length).toBeGreaterThan(0)
  const tsconfig = path.join(folder, 'tsconfig.json')
  writeFileSync(tsconfig, JSON.stringify({ extends: path.join(root, 'tsconfig.json'), include: ['*.ts'] }))
  const { status, stdout } = spawnSync(
    path.join(root, 'node_modules/.bin/tsc'),
    ['--noEmit', '-p', tsconfig],
    {
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('')
  expect(status).toBe(0)
}, 60_000)

test('every link between documents leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => globSync(target, { cwd: root }).length === 0)
      .map((target) => `${page} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object }
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map((match) => match[1]!),
  )
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([])
})

function read(page: string): string {
  return readFileSync(path.join(root, page), 'utf8')
}

/** Writes each ```ts block of a page into a file of its own. */
function examplesOf(page: string): string[] {
  return [...read(page).matchAll(/```ts\n([\s\S]*?)```/g)].map((match, index) => {
    const file = path.join(folder, `${page.replaceAll(/\W/g, '-')}-${index}.ts`)
    writeFileSync(file, match[1]!)
    return file
  })
}

function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) =>
    path.join(path.dirname(page), match[1]!),
  )
}
