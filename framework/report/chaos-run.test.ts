import { expect, test } from 'vitest'
import { renderChaosCtrf, renderChaosGithub, renderChaosJunit } from './chaos-formats.ts'
import { chaosRecords } from './chaos-run.test-data.ts'
import { chaosOutcome, chaosRunOf } from './chaos-run.ts'
import { chaosPageData, renderChaosHtml } from './html/chaos/render.ts'

const run = chaosRunOf(chaosRecords())!
const torn = chaosRunOf(chaosRecords({ torn: true }))!

test('a journal without an experiment is no chaos run', () => {
  expect(chaosRunOf(chaosRecords().slice(0, 2))).toBeUndefined()
})

test('a chaos run is read back from its journal', () => {
  expect(run).toMatchObject({
    environment: 'embedded',
    ended: true,
    intervalMs: 250,
    experiments: [{ name: 'the database goes', seed: 7, result: { outcome: 'broken' } }],
    faults: [{ fault: 'link-down', bit: true }],
  })
  expect(run.experiments[0]?.operations).toHaveLength(100)
})

test('an experiment without an end was aborted, whatever held before', () => {
  expect(torn.experiments[0]).not.toHaveProperty('result')
  expect(chaosOutcome(['held', undefined])).toBe('aborted')
})

test.each([
  [['held', 'held'], 'held'],
  [['held', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'broken'], 'broken'],
  [['broken', 'aborted'], 'aborted'],
] as const)('%j together are %s', (outcomes, together) => {
  expect(chaosOutcome(outcomes)).toBe(together)
})

test('the charts show rate by outcome and latency over time', () => {
  const [chart] = chaosPageData(run).charts!
  const at = (ms: number) => chart!.times.findIndex((time) => Math.abs(time - ms) <= 250)
  expect(chart!.rates.ok[at(2_750)]).toBe(10)
  expect(chart!.rates.failed[at(2_750)]).toBe(0)
  expect(chart!.rates.failed[at(6_250)]).toBe(10)
  expect(chart!.p50[at(2_750)]).toBe(10)
  expect(chart!.p99[at(6_250)]).toBe(900)
})

test('where nothing ended there is no latency, rather than none', () => {
  const [chart] = chaosPageData(run).charts!
  expect(chart!.p50[0]).toBeNull()
})

test('a promise that was broken is a failure in JUnit, with its counter-example', () => {
  expect(renderChaosJunit(run)).toContain(
    '<failure type="broken" message="promised 0 lost, seen 1 lost of 30, such as post #31"/>',
  )
})

test('an experiment that was cut short is an error in JUnit, and nothing in it passes', () => {
  expect(renderChaosJunit(torn)).toContain('tests="1" failures="0" errors="1" skipped="0"')
})

test('in CTRF a promise is a test', () => {
  expect(JSON.parse(renderChaosCtrf(run)).results).toMatchObject({
    summary: { tests: 2, passed: 1, failed: 1, other: 0 },
    tests: [
      { name: 'recovers', status: 'passed' },
      { rawStatus: 'broken', suite: ['the database goes'] },
    ],
  })
})

test('the GitHub summary says what was promised and what was seen', () => {
  const summary = renderChaosGithub(run)
  expect(summary).toContain('## BROKEN: chaos on embedded')
  expect(summary).toContain(
    '| broken | nothing acknowledged is lost | 0 lost | 1 lost of 30, such as post \\#31 |',
  )
})

test('the page says what was broken, by which example, and how operations fared', () => {
  const page = renderChaosHtml(run, 'made-up')
  expect(page).toContain('1 promise of 2 was broken.')
  expect(page).toContain('such as post #31')
  expect(page).toMatch(
    /while faults were on<\/th><td class="number">0<\/td><td class="number">0<\/td><td class="number">50</,
  )
})

test('the page of a run that was cut short says so', () => {
  const page = renderChaosHtml(torn, 'made-up')
  expect(page).toContain('The run was given up before its end.')
  expect(page).toContain('The record breaks off')
})
