import { expect, test } from 'vitest'
import { type Examined, examineExamples, type Proposal, rules } from '#verdict'
import { calibrationError, fitWeights, reliability } from './fit.ts'
import { lintRules } from './lint.ts'
import { reliabilityPlot } from './plot.ts'
import { isPlain, type Sample, samplesOf } from './samples.ts'
import { weightsFile } from './written.ts'

const proposal = (rule: string, change: Partial<Proposal> = {}): Proposal => ({
  ...{ rule, class: 'application', scope: null, subject: 'app', reason: rule, weight: 0.8, because: 'so' },
  ...change,
})
const trouble = (proposals: readonly Proposal[], standing = proposals): Examined => ({
  proposals,
  standing,
  verdict: {
    ...{ class: standing[0]?.class ?? 'inconclusive', scope: null, subject: 'app', reason: 'r' },
    ...{ confidence: standing[0]?.weight ?? 0, tier: 'T3', evidence: { for: [], against: [] } },
  },
})
const application = { class: 'application', scope: null, subjects: ['app'], defect: true } as const
const sample = (key: string, score: number, right: number, of = 'application'): Sample => ({
  ...{ key, score, right, class: of },
})
const many = (count: number, each: Sample) => Array.from({ length: count }, () => each)

test('the rules’ own examples show nothing wrong with any rule', () => {
  expect(lintRules(rules, examineExamples())).toEqual([])
})

test.each([
  ['never', [trouble([proposal('b')]), trouble([])]],
  ['always', [trouble([proposal('a')]), trouble([proposal('a'), proposal('b')])]],
  [
    'shadowed',
    [trouble([proposal('a'), proposal('b', { class: 'test', weight: 0.9 })]), trouble([proposal('b')])],
  ],
])('a rule is found that is %s', (problem, troubles) => {
  const found = lintRules([{ id: 'a' }, { id: 'b' }], troubles).filter(({ rule }) => rule === 'a')
  expect(found.map((each) => each.problem)).toEqual([problem])
})

test('two rules are found that always propose together', () => {
  const both = trouble([proposal('a'), proposal('b')])
  const found = lintRules([{ id: 'a' }, { id: 'b' }], [both, trouble([])])
  expect(found).toEqual([expect.objectContaining({ rule: 'b', problem: 'overlapping' })])
})

test('a calibration starts from the weights that rules declare, whatever an earlier one has moved', () => {
  const [declared] = examineExamples({})
  const [{ rule, reason, weight }] = declared!.proposals as [Proposal]
  const moved = examineExamples({ [`${rule}/${reason}`]: -0.05 })[0]!.proposals[0]!
  expect(moved.weight).toBeCloseTo(weight - 0.05)
})

test('a run counts once for a rule, however many of its tests failed, and struck proposals don’t count', () => {
  const strong = proposal('a', { weight: 0.5 })
  const struck = trouble([strong, proposal('x', { class: 'infrastructure' })], [strong])
  expect(samplesOf([struck, struck, struck], application)).toEqual([
    { key: 'a/a', class: 'application', score: 0.5, right: 1 },
    { key: 'verdict', class: 'application', score: 0.5, right: 1 },
  ])
})

test('what is inconclusive is neither right nor wrong', () => {
  expect(samplesOf([trouble([proposal('a', { class: 'inconclusive' })])], application)).toEqual([])
})

test('a run with a defect and a fault teaches nothing', () => {
  const label = { truth: application, faults: ['link-down@app/database'] } as unknown as Parameters<
    typeof isPlain
  >[0]
  expect(isPlain(label)).toBe(false)
  expect(isPlain({ ...label, faults: [] })).toBe(true)
})

test('few runs move a weight little, many more, and none by more than a tenth', () => {
  const shift = (runs: number) => fitWeights(many(runs, sample('a/a', 0.9, 0)))[0]!.shift
  expect(shift(1)).toBe(-0.04)
  expect(shift(2)).toBeLessThan(shift(1))
  expect(shift(500)).toBe(-0.1)
})

test('a rule for infrastructure is never made stronger, and another one may be', () => {
  const right = many(100, sample('x/x', 0.8, 1, 'infrastructure'))
  expect(fitWeights(right)[0]!.shift).toBe(0)
  expect(fitWeights(right.map((each) => ({ ...each, class: 'application' })))[0]!.shift).toBe(0.1)
})

test('what was right every time is made stronger only as far as so many runs can show', () => {
  const shift = (runs: number) => fitWeights(many(runs, sample('a/a', 0.9, 1)))[0]!.shift
  expect(shift(5)).toBe(0)
  expect(shift(28)).toBe(0)
  expect(shift(60)).toBe(0.05)
})

test('what was right every time doesn’t overtake the next rule', () => {
  const shift = (weights: readonly number[]) =>
    fitWeights(many(100, sample('a/a', 0.8, 1)), weights)[0]!.shift
  expect(shift([0.75, 0.8, 0.85, 0.9])).toBe(0.04)
  expect(shift([0.75, 0.8])).toBe(0.1)
})

test('reliability tells verdicts that are too sure from those that are right', () => {
  const sure = many(10, sample('verdict', 0.95, 0.5))
  expect(reliability(sure)).toMatchObject([{ from: 0.9, to: 1, runs: 10, right: 0.5 }])
  expect(calibrationError(reliability(sure))).toBeCloseTo(0.45)
  expect(calibrationError(reliability(many(10, sample('verdict', 1, 1))))).toBe(0)
})

test('the plot has a dot for each tenth that verdicts fell into', () => {
  const bins = reliability([sample('verdict', 0.95, 1), sample('verdict', 0.71, 0)])
  expect(reliabilityPlot(bins, 'r').match(/<circle/g)).toHaveLength(2)
})

test('the weights are written so that only what was moved is listed, with its origin', () => {
  const fitted = fitWeights([...many(40, sample('a/a', 0.9, 0.5)), sample('b/b', 0.9, 0.9)])
  const text = weightsFile(fitted, { date: '2026-01-01', seeds: [7], runs: 41, error: 0 })
  expect(text).toContain('2026-01-01')
  expect(text).toContain('seed 7')
  expect(text).toContain("'a/a': -0.1")
  expect(text).not.toContain('b/b')
})
