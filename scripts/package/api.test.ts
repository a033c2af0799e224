import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiOf } from './declarations.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { imports, exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  imports: Record<string, { default: string }>
  exports: Record<string, { types?: string }>
}
const entries = Object.entries(exports).flatMap(([name, { types }]): [string, string][] =>
  types === undefined ? [] : [[name === '.' ? 'faultline' : `faultline${name.slice(1)}`, types]],
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(root, 'node_modules/.api-'))
  const tsc = path.join(root, 'node_modules/.bin/tsc')
  spawnSync(tsc, ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder], { cwd: root })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** The declarations that belong to a file of `dist/`. */
function built(file: string): string {
  return path.join(folder, path.relative('dist', file).replace(/(\.d)?\.[jt]s$/, '.d.ts'))
}

/** Where the package's own imports lead; undefined for other packages. */
function resolve(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.'))
    return path.resolve(path.dirname(from), specifier.replace(/\.[jt]s$/, '.d.ts'))
  const own = imports[specifier]
  return own && built(own.default)
}

test.each(entries)('the API of %s is the one that is written down', async (name, types) => {
  const file = `./api/${name.replace('/', '-')}.txt`
  await expect(apiOf(built(types), resolve)).toMatchFileSnapshot(file)
})
