import { expect, test } from 'vitest'
import type { RunEvidence } from '#evidence'
import type { RunReport } from '../run-report.ts'
import { sampleReport } from '../sample.test-data.ts'
import { began, changeAt, evidenceOf, lookAt } from './evidence.test-data.ts'
import { notVerified } from './not-verified.ts'

const sound: RunReport = {
  ...sampleReport,
  ...{ startedAt: began, durationMs: 10_000, tier: 'T3', tests: [], injections: [] },
}
const edge = { target: 'app', link: 'client/app', vantage: 'runner' } as const
const looks = Array.from({ length: 10 }, (_, index) => [
  lookAt(index * 1000),
  lookAt(index * 1000, edge),
]).flat()
const health = [changeAt(0, 'healthy'), { ...changeAt(0, 'healthy'), ...edge }]
const watched = evidenceOf({ observations: looks, health })

const said = (report: Partial<RunReport>, evidence: RunEvidence = watched) =>
  notVerified({ report: { ...sound, ...report }, evidence, faults: [] })

test('a run whose every path was watched from begin to end leaves nothing open', () => {
  expect(said({})).toEqual([])
})

test('a path that was never seen is named', () => {
  const evidence = evidenceOf({
    observations: looks.filter(({ link }) => link === 'client/app'),
    health: health.slice(1),
  })
  expect(said({}, evidence)).toEqual(['app/database (app-side): never seen, so its health is unknown.'])
})

test('a gap is told with the path and its length', () => {
  const observations = looks.filter(({ link, at }) => link === 'client/app' || at < began + 3000)
  expect(said({}, evidenceOf({ observations, health }))).toEqual([
    'app/database (app-side) was not watched for 8.0 s.',
  ])
})

test('a run that was cut short says so', () => {
  expect(said({}, { ...watched, endedAt: null })).toEqual([
    'The record breaks off: the run was cut short, and what came later is unknown.',
  ])
})

test('blocked tests, faults that did not bite, an unknown release and missing keys are told', () => {
  expect(
    said({ tests: sampleReport.tests, injections: sampleReport.injections, release: null, tier: 'T2' }),
  ).toEqual([
    '1 test was blocked: what they need was down, so they say nothing.',
    'The injected link-down@app/database was never seen to change anything.',
    'No answer said which release it came from.',
    'The platform told nothing: an exit of a service can’t be told from a stop.',
  ])
})
