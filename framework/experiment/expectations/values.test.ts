import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anySoundStore, anyWrites, evidenceOf, operation } from '../history.test-data.ts'
import { nothingDoubled, nothingLost, stalenessMarked } from './values.ts'

const anyStoredWrites = anyWrites.chain((writes) =>
  anySoundStore(writes).map((kept) => ({
    writes,
    kept,
    acknowledged: writes.filter(({ outcome }) => outcome === 'ok'),
  })),
)

test('a store that keeps all that it acknowledged lost nothing, whatever became of the unknown', () => {
  fc.assert(
    fc.property(anyStoredWrites, ({ writes, kept, acknowledged }) => {
      const { outcome } = nothingLost().check(evidenceOf(writes, { kept }), 'fault')
      expect(outcome).toBe(acknowledged.length === 0 ? 'inconclusive' : 'held')
    }),
  )
})

test('one acknowledged value that is missing is found, and named', () => {
  fc.assert(
    fc.property(anyStoredWrites, fc.nat(), ({ writes, kept, acknowledged }, pick) => {
      fc.pre(acknowledged.length > 0)
      const lost = acknowledged[pick % acknowledged.length]!.write!
      const without = kept.map(({ key, values }) => ({
        key,
        values: values.filter((value) => value !== lost.value),
      }))
      const finding = nothingLost().check(evidenceOf(writes, { kept: without }), 'fault')
      expect(finding).toMatchObject({ outcome: 'broken' })
      expect(finding.counterExample).toContain(`"${lost.value}" is not in ${lost.key}`)
    }),
  )
})

test('a sound store has no value twice', () => {
  fc.assert(
    fc.property(anyStoredWrites, ({ writes, kept }) => {
      expect(nothingDoubled().check(evidenceOf(writes, { kept }), 'fault').outcome).toBe('held')
    }),
  )
})

test('one value that is kept twice is found, also one whose answer never came', () => {
  fc.assert(
    fc.property(anyStoredWrites, fc.nat(), ({ writes, kept }, pick) => {
      const all = kept.flatMap(({ key, values }) => values.map((value) => ({ key, value })))
      fc.pre(all.length > 0)
      const twice = all[pick % all.length]!
      const doubled = kept.map(({ key, values }) => ({
        key,
        values: key === twice.key ? [...values, twice.value] : values,
      }))
      const finding = nothingDoubled().check(evidenceOf(writes, { kept: doubled }), 'fault')
      expect(finding).toMatchObject({
        outcome: 'broken',
        counterExample: `"${twice.value}" is 2 times in ${twice.key}`,
      })
    }),
  )
})

test('values that others wrote don’t count as doubled', () => {
  const kept = [{ key: 'a', values: ['mine', 'theirs', 'theirs'] }]
  const writes = [operation({ write: { key: 'a', value: 'mine' } })]
  expect(nothingDoubled().check(evidenceOf(writes, { kept }), 'fault').outcome).toBe('held')
})

test('nothing is said of what was not read back', () => {
  const writes = [operation({ write: { key: 'a', value: '1' } })]
  expect(nothingLost().check(evidenceOf(writes), 'fault').outcome).toBe('inconclusive')
  expect(nothingDoubled().check(evidenceOf(writes), 'fault').outcome).toBe('inconclusive')
  expect(nothingLost().check(evidenceOf(writes, { kept: [{ key: 'b', values: [] }] }), 'fault').outcome).toBe(
    'inconclusive',
  )
})

const written = operation({ id: 1, name: 'post', startedAt: 1000, write: { key: 'a', value: '1' } })
const staleRead = operation({ id: 2, startedAt: 1200, read: { key: 'a', values: [] } })

test('a read that lacks what was acknowledged before it must say so', () => {
  const finding = stalenessMarked().check(evidenceOf([written, staleRead]), 'fault')
  expect(finding).toMatchObject({ outcome: 'broken', counterExample: expect.stringContaining('lacks "1"') })
})

test('a stale read that says so is honest', () => {
  const marked = { ...staleRead, degraded: 'cached' }
  expect(stalenessMarked().check(evidenceOf([written, marked]), 'fault')).toMatchObject({
    outcome: 'held',
    observed: '0 unmarked of 1 stale in 1 reads',
  })
})

test('a read needn’t show a write that was acknowledged after the read was due, or never', () => {
  const early = { ...staleRead, startedAt: 900 }
  const unknown = { ...written, outcome: 'unknown' as const }
  expect(stalenessMarked().check(evidenceOf([written, early]), 'fault').outcome).toBe('held')
  expect(stalenessMarked().check(evidenceOf([unknown, staleRead]), 'fault').outcome).toBe('held')
})
