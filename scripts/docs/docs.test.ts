import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Block, blocksOf, pages, read, root } from './pages.ts'
import { mustFit, transcriptOf } from './transcript.ts'

const blocks = pages.flatMap(blocksOf)
// Inside the checkout, so that `faultline` resolves as it does for the suites.
const folder = mkdtempSync(path.join(root, 'node_modules/.docs-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('every TypeScript example in the documents compiles', () => {
  const examples = blocksIn('ts')
  expect(examples.length).toBeGreaterThan(0)
  for (const [index, { page, text }] of examples.entries())
    writeFileSync(path.join(folder, `${page.replaceAll(/\W/g, '-')}-${index}.ts`), text)
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

test.each(blocksIn('json').map((block) => [block.page, block.text]))('JSON in %s is JSON', (_page, text) => {
  expect(() => JSON.parse(text)).not.toThrow()
})

test.each(blocksIn('yaml').map((block) => [block.page, block.text]))('YAML in %s is YAML', (_page, text) => {
  expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([])
})

test.each(blocks.filter(({ mark }) => mark === 'run').map(({ page, text }) => [page, text]))(
  'what %s shows of commands is what they say',
  (_page, text) => {
    const { commands } = transcriptOf(text)
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH']}`, NO_COLOR: '1' },
    })
    expect(status, stderr).toBe(0)
    mustFit(text, stdout)
  },
  60_000,
)

test('every link between documents leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((target) => globSync(target, { cwd: root }).length === 0)
      .map((target) => `${page} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: object }
  const named = pages
    .filter((page) => !page.startsWith('examples/'))
    .flatMap((page) => [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map((match) => match[1]!))
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([])
})

function blocksIn(language: string): Block[] {
  return blocks.filter((block) => block.language === language)
}

function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) =>
    path.join(path.dirname(page), match[1]!),
  )
}
