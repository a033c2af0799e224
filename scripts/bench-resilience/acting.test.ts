import { expect, test } from 'vitest'
import { findProfile, toxicsOfProfile } from '#fault'
import { actingStretches, awayStretches, sparesKept, windowOf } from './acting.ts'

const toxicsOf = (name: string) => toxicsOfProfile(findProfile(name)!)

test('what has no schedule acts all the time', () => {
  expect(actingStretches(toxicsOf('one-way-silence'), 5000)).toEqual([{ from: 0, to: 5000 }])
})

test('what ends by itself acts until then, and is looked at no longer', () => {
  const toxics = toxicsOf('cloud-sql-maintenance')
  expect(windowOf(toxics, 5000)).toBe(3000)
  expect(new Set(actingStretches(toxics, 9000).map(({ to }) => to))).toEqual(new Set([3000]))
})

test('one toxic after the other: each in its time', () => {
  const toxics = toxicsOf('cloud-sql-failover')
  expect(windowOf(toxics, 5000)).toBe(9000)
  expect(actingStretches(toxics, 9000)).toContainEqual({ from: 0, to: 6000 })
  expect(actingStretches(toxics, 9000)).toContainEqual({ from: 6000, to: 9000 })
})

test('what comes again acts in its turns alone', () => {
  const toxics = toxicsOf('rolling-maintenance').slice(0, 1)
  expect(windowOf(toxics, 1000)).toBe(10_000)
  expect(actingStretches(toxics, 10_000)).toEqual([
    { from: 0, to: 500 },
    { from: 5000, to: 5500 },
  ])
})

test('nobody is hurt by idling before anybody could have idled for so long', () => {
  const toxics = toxicsOf('azure-lb-idle')
  expect(windowOf(toxics, 5000)).toBe(7400)
  expect(actingStretches(toxics, 7400)).toEqual([{ from: 2400, to: 7400 }])
})

test('a share of connections, slowness and idling take nothing away', () => {
  for (const name of [
    'connector-instance-dead',
    'vpc-connector-surge',
    'azure-lb-idle',
    'reset-after-commit',
    'dns-slow',
  ])
    expect(awayStretches(toxicsOf(name), 5000), name).toEqual([])
  for (const name of ['syn-blackhole', 'one-way-silence', 'auth-proxy-false-green', 'dns-nxdomain'])
    expect(awayStretches(toxicsOf(name), 5000), name).toEqual([{ from: 0, to: 5000 }])
})

test('tells what acts on new connections alone', () => {
  for (const name of ['syn-blackhole', 'direct-vpc-cold-egress', 'auth-proxy-false-green', 'dns-silent'])
    expect(sparesKept(toxicsOf(name)), name).toBe(true)
  for (const name of ['cloud-sql-maintenance', 'one-way-silence', 'cloud-run-to-cloud-sql-cold'])
    expect(sparesKept(toxicsOf(name)), name).toBe(false)
})
