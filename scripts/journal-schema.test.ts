import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describedKinds } from '../suites/journal-schema.ts'

const root = join(import.meta.dirname, '..')
const sources = globSync('framework/**/*.ts', { cwd: root })
  .filter((file) => !/\.test(-data)?\.ts$/.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8'))

/** How a kind is written down in the sources: as a type, where it is appended, and where an experiment notes it. */
const spellings = [
  /^export type \w+ = JournalRecord<\s*'([a-z-]+)'/gm,
  /append\(\{[^{}]*?kind: '([a-z-]+)'/g,
  /kind: '([a-z-]+)',\s+data\b/g,
  /\.#note\('([a-z-]+)'/g,
]
const writtenKinds = new Set(
  sources.flatMap((text) =>
    spellings.flatMap((spelling) => [...text.matchAll(spelling)].map(([, kind]) => kind!)),
  ),
)

/** Written as `agent-${…}`. */
const composed = ['agent-found']

test('every kind of record that the sources write is in schema/journal.json', () => {
  expect([...writtenKinds].filter((kind) => !describedKinds.includes(kind))).toEqual([])
})

test('schema/journal.json describes no kind that nothing writes', () => {
  expect(describedKinds.filter((kind) => !writtenKinds.has(kind) && !composed.includes(kind))).toEqual([])
})
