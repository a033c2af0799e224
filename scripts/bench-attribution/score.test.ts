import { describe, expect, test } from 'vitest'
import { applicationDefect, environmentFault, everyTier, never, nothing, testDefect } from './cell.ts'
import type { Label, Truth } from './label.ts'
import type { Called, CalledIncident, Outcome } from './outcome.ts'
import { f1, score } from './score.ts'
import type { ScoredRun } from './scored-run.ts'

const exits: Readonly<Record<Called, number>> = {
  ...{ application: 1, test: 1, infrastructure: 75, inconclusive: 3, none: 0 },
}

function outcome(called: Called, changes: Partial<CalledIncident> & { exitCode?: number } = {}): Outcome {
  const { exitCode = exits[called], ...incident } = changes
  const scope = called === 'infrastructure' ? 'environment' : null
  const base = { scope, subject: 'app/database', reason: 'any', confidence: 0.9 } as const
  return {
    exitCode,
    called,
    incidents: called === 'none' ? [] : [{ class: called, ...base, ...incident }],
    judgeMs: 1,
  }
}

let count = 0
function run(truth: Truth, said: Outcome, changes: Partial<Label> & { failed?: boolean } = {}): ScoredRun {
  const { failed = true, ...label } = changes
  count += 1
  const name = `cell ${count}`
  return {
    label: {
      ...{ schema: 'faultline.label/1', id: name, cell: name, family: 'compound', repetition: 0, seed: 1 },
      ...{ split: 'test', truth, decidable: everyTier, bite: 'expected', faults: ['any@where'] },
      ...{ exitCode: said.exitCode, durationMs: 1, load: 0, defect: truth.defect ? name : null, ...label },
    },
    outcomes: { T0: said, T1: said, T2: said, T3: said },
    failed,
    addedMs: { failed: [100], passed: [10] },
  }
}

const database = environmentFault('app/database')

describe('a false exoneration', () => {
  test.for(['none', 'infrastructure'] as const)('is a decision of "%s" while a defect stood', (called) => {
    expect(score([run(applicationDefect, outcome(called))], 1).decisions.falseExonerations).toBe(1)
  })

  test.for(['application', 'test', 'inconclusive'] as const)('is none where it is called %s', (called) => {
    expect(score([run(applicationDefect, outcome(called))], 1).decisions.falseExonerations).toBe(0)
  })

  test('counts at any tier, once a run', () => {
    const good = outcome('application')
    const seen = run(applicationDefect, good)
    const excused = { ...seen, outcomes: { ...seen.outcomes, T0: outcome('none'), T3: outcome('none') } }
    const { decisions, tiers } = score([excused], 1)
    expect(decisions.falseExonerations).toBe(1)
    expect([tiers.T0.falseExonerations, tiers.T2.falseExonerations]).toEqual([1, 0])
  })

  test('counts on the calibration split and on undecidable cells too', () => {
    const hidden = { split: 'calibration', decidable: never } as const
    expect(score([run(testDefect, outcome('infrastructure'), hidden)], 1).decisions.falseExonerations).toBe(1)
  })

  test('is none where nothing failed: the tests missed it, not the verdict', () => {
    const unseen = run(applicationDefect, outcome('none'), { failed: false })
    const result = score([unseen], 1)
    expect(result.decisions.falseExonerations).toBe(0)
    expect(result.standing).toEqual({ unbitten: 1 })
  })

  test('is none for infrastructure', () => {
    expect(score([run(database, outcome('infrastructure'))], 1).decisions.falseExonerations).toBe(0)
  })
})

test('a defect that no test meets by itself says nothing beside a fault', () => {
  const alone = { family: 'application', defect: 'quiet', bite: 'possible', faults: [] } as const
  const beside = { defect: 'quiet', bite: 'possible' } as const
  const { standing, decisions } = score(
    [
      run(applicationDefect, outcome('none'), { ...alone, failed: false }),
      run(applicationDefect, outcome('infrastructure'), beside),
    ],
    1,
  )
  expect(standing).toEqual({ unmet: 2 })
  expect(decisions.falseExonerations).toBe(0)
})

test('a mutant counts as met when a test fails each time that it runs alone', () => {
  const alone = { family: 'mutant', defect: 'mutant 1', bite: 'possible', faults: [] } as const
  const runs = [
    run(applicationDefect, outcome('none'), { ...alone, failed: false }),
    run(applicationDefect, outcome('infrastructure'), alone),
  ]
  expect(score(runs, 1).standing).toEqual({ unmet: 2 })
})

test('an undecided run of a decidable cell counts as missed', () => {
  const right = run(database, outcome('infrastructure'))
  const { infraF1, undecided } = score([right, run(database, outcome('inconclusive'))], 1)
  expect(infraF1).toBeCloseTo(2 / 3)
  expect(undecided).toBe(0.5)
})

test('an undecided run of an undecidable cell counts nowhere', () => {
  const right = run(database, outcome('infrastructure'))
  const hidden = run(database, outcome('inconclusive'), { decidable: never })
  const { infraF1, undecided } = score([right, hidden], 1)
  expect([infraF1, undecided]).toEqual([1, 0])
})

test('infrastructure that the change is blamed for is a share of all infrastructure', () => {
  const runs = (['application', 'test', 'infrastructure', 'inconclusive'] as const).map((called) =>
    run(database, outcome(called)),
  )
  expect(score(runs, 1).blamed).toBe(0.5)
})

test('application against test looks only at defects that somebody was blamed for', () => {
  const runs = [
    run(applicationDefect, outcome('application')),
    run(applicationDefect, outcome('test')),
    run(testDefect, outcome('inconclusive')),
  ]
  expect(score(runs, 1).applicationAgainstTest).toBe(0.5)
})

test('a right class with another subject or scope is a wrong subject', () => {
  const runs = [
    run(database, outcome('infrastructure')),
    run(database, outcome('infrastructure', { subject: 'client/app' })),
    run(database, outcome('infrastructure', { scope: 'runner' })),
  ]
  expect(score(runs, 1).subjectAccuracy).toBeCloseTo(1 / 3)
})

test('a sure verdict that is wrong is counted among the sure ones', () => {
  const runs = [
    run(database, outcome('application', { confidence: 0.97 })),
    run(database, outcome('infrastructure', { confidence: 0.97 })),
    run(database, outcome('application', { confidence: 0.9 })),
  ]
  expect(score(runs, 1).highConfidenceErrors).toBe(0.5)
})

test('beside a defect, the fault that was put on may be found too', () => {
  const found = outcome('infrastructure', { confidence: 0.97 })
  expect(score([run(applicationDefect, { ...found, exitCode: 1 })], 1).highConfidenceErrors).toBe(0)
})

test('a sound run that does not pass is a false alarm', () => {
  const runs = [run(nothing, outcome('none'), { failed: false }), run(nothing, outcome('application'))]
  expect(score(runs, 1).falseAlarms).toBe(1)
})

test('the calibration split has no part in the published figures', () => {
  const calibration = { split: 'calibration' } as const
  expect(score([run(database, outcome('application'), calibration)], 1).blamed).toBeNull()
})

test('F1 is the harmonic mean of precision and recall', () => {
  const pairs = [
    ['infrastructure', 'infrastructure'],
    ['infrastructure', 'infrastructure'],
    ['infrastructure', 'application'],
    ['application', 'infrastructure'],
    ['application', 'infrastructure'],
  ].map(([truth, called]) => ({ truth, called }) as { truth: 'application'; called: Called })
  const [precision, recall] = [2 / 4, 2 / 3]
  expect(f1('infrastructure', pairs)).toBeCloseTo((2 * precision * recall) / (precision + recall))
  expect(f1('test', pairs)).toBeNull()
})
