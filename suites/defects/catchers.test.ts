import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { defectNames } from '../../fixtures/backend/defects/registry.ts'
import { catchers, shortName } from './catchers.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')

test('every defect has somebody who finds it', () => {
  expect([...catchers.keys()].sort()).toEqual([...defectNames].sort())
})

test('fixtures/defects.md says who finds each', async () => {
  const rows = [...(await read('fixtures/defects.md')).matchAll(/^\| `([\w-]+)` \|.*\| `([^`|]+)` \|$/gm)]
  const said = Object.fromEntries(rows.map(([, defect, file]) => [defect, file]))
  expect(said).toEqual(
    Object.fromEntries([...catchers].map(([defect, { file }]) => [defect, shortName(file)])),
  )
})

test.for([...catchers])('%s: who is said to find it knows it', async ([defect, catcher]) => {
  const text = await read(catcher.file)
  const { by } = catcher
  if (by === 'suite') expect(text).toMatch(new RegExp(`['"\`]${defect}\\b`))
  // A title that is made for each case ends in its pattern.
  if (by === 'gate' && catcher.test) expect(text).toContain(catcher.test.replace(/: .*/, ''))
})
