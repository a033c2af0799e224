import { expect, test } from 'vitest'
import type { ExperimentFrame, ExperimentResult } from '#experiment'
import { chaosReport, renderExperiment, renderExperiments, renderFrame } from './chaos.ts'
import { createStyle } from './style.ts'

const plain = createStyle(false)

const result: ExperimentResult = {
  name: 'the database is away',
  outcome: 'broken',
  seed: 7,
  expectations: [
    {
      name: 'nothing acknowledged is lost',
      outcome: 'broken',
      observed: '1 lost of 9 acknowledged',
      declared: '0 lost',
      counterExample: '"message 3" is not in a',
    },
  ],
  recoveryMs: 120,
  injections: [{ fault: 'link-down', target: 'app/database', window: '0s-', bit: true }],
  rollBack: { proven: true, detail: '11 proxies listen' },
}

test('a broken promise is shown with what was seen, declared, an example, and how to see it again', () => {
  const text = renderExperiment(result, 'faultline chaos x.chaos.ts --seed 7', plain)
  expect(text).toContain('broken       the database is away')
  expect(text).toContain('nothing acknowledged is lost: 1 lost of 9 acknowledged (declared: 0 lost)')
  expect(text).toContain('such as "message 3" is not in a')
  expect(text).toContain('replay: faultline chaos x.chaos.ts --seed 7')
})

test('several experiments end with a count, and with why each that didn’t hold did not', () => {
  const held: ExperimentResult = { ...result, outcome: 'held', expectations: [] }
  const idle: ExperimentResult = {
    ...held,
    name: 'a pause',
    outcome: 'inconclusive',
    reason: 'it did not bite',
  }
  expect(renderExperiments([held, result, idle, held], plain).split('\n')).toEqual([
    '4 experiments: 2 held, 1 broken, 1 inconclusive',
    '  broken       the database is away: nothing acknowledged is lost: 1 lost of 9 acknowledged',
    '  inconclusive a pause: it did not bite',
  ])
})

test('faults that are not proven to be off are shouted about', () => {
  const rollBack = { proven: false, detail: 'app.database does not listen' }
  expect(renderExperiment({ ...result, rollBack }, '', plain)).toContain('NOT PROVEN rolled back')
})

test('the report holds what its schema asks for', () => {
  expect(chaosReport([result])).toEqual({
    schema: 'faultline.chaos/1',
    experiments: [
      {
        name: 'the database is away',
        outcome: 'broken',
        seed: 7,
        expectations: result.expectations,
        recoveryMs: 120,
      },
    ],
  })
})

const frame: ExperimentFrame = {
  name: 'the database is away',
  step: 'observe',
  at: 1000,
  endsAt: 3500,
  faults: ['link-down@app/database'],
  underWay: 2,
  perSecond: 20,
  counts: { ok: 9, degraded: 1, failed: 2, unknown: 3 },
  p50Ms: 4.4,
  p99Ms: 80.2,
}

test('a frame shows the step, the time left, the faults that act, rates and latencies', () => {
  expect(renderFrame(frame, plain)).toBe(
    'the database is away: observe 2.5 s left link-down@app/database 20/s, 2 under way, 9 ok, 1 degraded, 2 failed, 3 unknown, p50 4 ms, p99 80 ms',
  )
})

test('faults are shown only while they act', () => {
  expect(renderFrame({ ...frame, step: 'recovery' }, plain)).not.toContain('link-down')
})
