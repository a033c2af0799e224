import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JournalRecord } from '#journal'
import type { SeenBefore } from '#report'
import { anyWorld } from '../verdict/arbitrary.test-data.ts'
import { recordsOf } from '../verdict/world.test-data.ts'
import { judgeRecords } from './judge-run.ts'

const remembered = (at: number, kind: string, data: unknown): JournalRecord => ({
  ...{ at, source: 'session', kind, data },
})

const anySeen = fc.record<SeenBefore>({
  runs: fc.integer({ min: 1, max: 1000 }),
  firstAt: fc.integer({ min: 0 }),
  lastAt: fc.integer({ min: 0 }),
  verdicts: fc.dictionary(fc.constantFrom('application', 'infrastructure', 'test'), fc.integer({ min: 1 })),
})

/** A memory that knows every failure of the run, and says something of each. */
const anyMemory = fc.record({ of: fc.array(anySeen, { minLength: 1, maxLength: 4 }), trouble: fc.boolean() })

test('whatever is remembered of its failures, a run is judged and decided as without a history', () => {
  fc.assert(
    fc.property(anyWorld(), anyMemory, (given, memory) => {
      const records = recordsOf(given)
      const off = judgeRecords(records)
      const prints = off.report.tests.flatMap(({ attempts }) =>
        attempts.flatMap(({ fingerprint }) => fingerprint ?? []),
      )
      const end = Math.max(...records.map(({ at }) => at))
      const seen = Object.fromEntries(
        prints.map((print, index) => [print, memory.of[index % memory.of.length]]),
      )
      const more = [
        remembered(end, 'seen-before', seen),
        ...(memory.trouble ? [remembered(end, 'history-trouble', { message: 'locked' })] : []),
      ]
      const on = judgeRecords([...records, ...more])
      expect(on.judgement).toEqual(off.judgement)
      expect({ ...on.report, seenBefore: {} }).toEqual(off.report)
      expect(on.report.seenBefore).toEqual(seen)
    }),
    { numRuns: 40 },
  )
})

test('what the baselines of a history say of an attempt is no argument', () => {
  fc.assert(
    fc.property(anyWorld(), fc.boolean(), fc.boolean(), (given, slowed, harmed) => {
      const records = recordsOf(given)
      const impact = { startHealth: {}, endHealth: {}, changed: false, slowed, harmed }
      const measured = records.map((record) =>
        record.kind === 'attempt' ? { ...record, data: { ...(record.data as object), impact } } : record,
      )
      const off = judgeRecords(records)
      const on = judgeRecords(measured)
      expect([on.judgement, on.report.exitCode]).toEqual([off.judgement, off.report.exitCode])
    }),
    { numRuns: 40 },
  )
})
