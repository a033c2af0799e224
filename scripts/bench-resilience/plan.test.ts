import { expect, test } from 'vitest'
import { profileNames } from '#fault'
import { dependencies } from './operations.ts'
import { planTrials, quickTrials, whyLeftOut } from './plan.ts'

test('every profile is tried on every link, or left out with a reason', () => {
  const { trials, leftOut } = planTrials()
  for (const hurt of dependencies) {
    const names = [...trials, ...leftOut].filter((one) => one.hurt === hurt).map(({ profile }) => profile)
    expect(names.toSorted()).toEqual(profileNames().toSorted())
  }
})

test('a profile that reads another protocol is left out', () => {
  const { leftOut } = planTrials()
  const links = leftOut.filter(({ profile }) => profile === 'reset-after-commit').map(({ hurt }) => hurt)
  expect(links).toEqual(['auth', 'model', 'analytics'])
  expect(whyLeftOut([{ type: 'http_response' }], 'postgres')).toContain('reads http')
  expect(whyLeftOut([{ type: 'latency' }], 'postgres')).toBeUndefined()
})

test('the whole takes no longer than the twenty minutes that it has, with 2 s beside each trial', () => {
  const { trials } = planTrials()
  expect(trials.reduce((sum, { windowMs }) => sum + windowMs + 2000, 0)).toBeLessThan(20 * 60_000)
})

test('the quick form disturbs every link, for less than half a minute', () => {
  const quick = quickTrials(planTrials().trials)
  expect(new Set(quick.map(({ hurt }) => hurt))).toEqual(new Set(dependencies))
  expect(quick.reduce((sum, { windowMs }) => sum + windowMs, 0)).toBeLessThan(30_000)
})
