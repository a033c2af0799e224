import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HealthStatus, Snapshot, TargetHealth } from '#health'
import { linksOf, type Need, type Needs, type Service, type Topology } from '#topology'
import { chooseStrategy, isDown } from './choose.ts'
import type { StrategyPolicy } from './strategy.ts'

function service(name: string, uses: Needs = {}): Service {
  return { name, owner: 'sut', protocol: 'http', uses, egress: 'vpc' }
}

const topology: Topology = {
  entry: 'app',
  services: {
    app: service('app', { auth: 'required', database: 'required', model: 'optional', analytics: 'optional' }),
    auth: service('auth', { database: 'required' }),
    model: service('model', { weights: 'required' }),
    weights: service('weights'),
    analytics: service('analytics'),
    database: service('database'),
    search: service('search', { index: 'required' }),
    index: service('index'),
  },
}

const policy: StrategyPolicy = {
  recoveryWaitMs: 20_000,
  onRequiredDown: 'graceful-skip',
  timeoutMultiplier: 1.5,
  retries: 3,
  retryDelayMs: 2000,
}

/** A status, or `dead-on-new` and `dead-on-kept` for the two ways of being critical that count apart. */
type Condition = HealthStatus | 'dead-on-new' | 'dead-on-kept'

function viewOf(target: string, condition: Condition): TargetHealth {
  const vantage = target === topology.entry ? 'runner' : 'app-side'
  const view = { target, vantage, since: 0 } as const
  if (condition === 'dead-on-new') return { ...view, status: 'critical', deadOn: 'new' }
  if (condition === 'dead-on-kept') return { ...view, status: 'critical', deadOn: 'kept' }
  return { ...view, status: condition }
}

/** Everything healthy but these. */
function snapshotOf(conditions: Readonly<Record<string, Condition>>): Snapshot {
  const names = Object.keys(topology.services)
  return { at: 0, targets: names.map((name) => viewOf(name, conditions[name] ?? 'healthy')) }
}

const needs: Needs = { database: 'required', model: 'optional' }
const choose = (conditions: Readonly<Record<string, Condition>>, over: Partial<StrategyPolicy> = {}) =>
  chooseStrategy(snapshotOf(conditions), { topology, needs, policy: { ...policy, ...over } })

test('all healthy: normal, with timeouts as they are', () => {
  expect(choose({})).toEqual({
    strategy: 'normal',
    timeoutFactor: 1,
    blockedBy: [],
    because: [],
    degraded: [],
  })
})

describe('a required service that is', () => {
  test.each([
    ['healthy', 'normal', 1],
    ['unknown', 'normal', 1],
    ['recovering', 'conservative', 1.5],
    ['degraded', 'conservative', 2.25],
    ['critical', 'conservative', 2.25],
    ['dead-on-kept', 'conservative', 2.25],
    ['dead-on-new', 'graceful-skip', 2.25],
    ['unavailable', 'graceful-skip', 2.25],
  ] as const)('%s: %s, timeouts × %d', (condition, strategy, timeoutFactor) => {
    expect(choose({ database: condition })).toMatchObject({ strategy, timeoutFactor })
  })
})

describe('an optional service that is', () => {
  test.each([
    ['unknown', 'normal', []],
    ['recovering', 'normal', []],
    ['degraded', 'normal', []],
    ['critical', 'normal', []],
    ['dead-on-kept', 'normal', []],
    ['dead-on-new', 'fallback', ['model']],
    ['unavailable', 'fallback', ['model']],
  ] as const)('%s: %s', (condition, strategy, degraded) => {
    expect(choose({ model: condition })).toMatchObject({ strategy, degraded, timeoutFactor: 1 })
  })
})

test('policy says what a test does when it is blocked', () => {
  expect(choose({ database: 'unavailable' }, { onRequiredDown: 'fail-fast' })).toMatchObject({
    strategy: 'fail-fast',
    blockedBy: ['database'],
  })
})

test('an optional service down and a required one degraded: fallback, with longer timeouts', () => {
  expect(choose({ model: 'unavailable', database: 'degraded' })).toMatchObject({
    strategy: 'fallback',
    timeoutFactor: 2.25,
    because: ['database degraded', 'model unavailable'],
  })
})

test('a required service down outweighs an optional one', () => {
  expect(choose({ model: 'unavailable', database: 'unavailable' })).toMatchObject({
    strategy: 'graceful-skip',
    blockedBy: ['database'],
    degraded: ['model'],
  })
})

test('a required service down takes no optional one down with it', () => {
  expect(choose({ database: 'unavailable' }).degraded).toEqual([])
})

test('what the entry requires is required of every test', () => {
  expect(choose({ auth: 'unavailable' }).blockedBy).toEqual(['auth'])
})

test('what a test says that it can do without does not block it, whoever requires it', () => {
  const choice = chooseStrategy(snapshotOf({ database: 'unavailable' }), {
    ...{ topology, policy },
    needs: { database: 'optional', auth: 'required' },
  })
  expect(choice).toMatchObject({ strategy: 'fallback', blockedBy: [], degraded: ['database'] })
})

test('the entry itself blocks, as the runner sees it', () => {
  expect(choose({ app: 'unavailable' }).blockedBy).toEqual(['app'])
})

test('what an optional service requires takes it down, and blocks nothing', () => {
  expect(choose({ weights: 'unavailable' })).toMatchObject({ strategy: 'fallback', degraded: ['model'] })
})

test('a service that neither the test nor its path needs changes nothing', () => {
  expect(choose({ analytics: 'unavailable', search: 'unavailable', index: 'degraded' })).toMatchObject({
    strategy: 'normal',
    because: [],
  })
})

test('a service behind the application counts as seen from beside the application', () => {
  const fromRunner: TargetHealth = { ...viewOf('database', 'unavailable'), vantage: 'runner' }
  const snapshot = { at: 0, targets: [...snapshotOf({}).targets, fromRunner] }
  expect(chooseStrategy(snapshot, { topology, needs, policy }).strategy).toBe('normal')
})

/** Everything healthy, and the database seen over more links. */
function chooseWithLinks(views: Readonly<Record<`${string}/${string}`, Condition>>) {
  const more = Object.entries(views).map(([link, condition]) => ({
    ...viewOf('database', condition),
    link: link as `${string}/${string}`,
  }))
  const snapshot = { at: 0, targets: [...snapshotOf({}).targets, ...more] }
  return chooseStrategy(snapshot, { topology, needs, policy })
}

test('of several links on the path the worst counts', () => {
  const choice = chooseWithLinks({ 'auth/database': 'degraded', 'app/database': 'recovering' })
  expect(choice.because).toEqual(['database degraded'])
})

test('of two critical links the one that is dead on new connections counts', () => {
  expect(chooseWithLinks({ 'auth/database': 'critical', 'app/database': 'dead-on-new' }).blockedBy).toEqual([
    'database',
  ])
})

test('a link off the path does not count', () => {
  expect(chooseWithLinks({ 'search/database': 'unavailable' }).blockedBy).toEqual([])
})

const conditions: readonly Condition[] = [
  'healthy',
  'degraded',
  'critical',
  'unavailable',
  'recovering',
  'unknown',
  'dead-on-new',
  'dead-on-kept',
]
const names = Object.keys(topology.services)
const anyTest = fc.record({
  needs: fc.dictionary(fc.constantFrom(...names), fc.constantFrom<Need>('required', 'optional')),
  snapshot: fc
    .array(
      fc.record({
        name: fc.constantFrom(...names),
        condition: fc.constantFrom(...conditions),
        link: fc.option(fc.constantFrom(...linksOf(topology).map((link) => link.name)), { nil: undefined }),
      }),
    )
    .map(
      (views): Snapshot => ({
        at: 0,
        targets: views.map(({ name, condition, link }) => ({
          ...viewOf(name, condition),
          ...(link === undefined ? {} : { link }),
        })),
      }),
    ),
})

test('a test never runs as if all were well while something that it requires is seen down', () => {
  fc.assert(
    fc.property(anyTest, ({ needs, snapshot }) => {
      const downs = snapshot.targets.filter((view) => view.link === undefined && isDown(view))
      const choice = chooseStrategy(snapshot, { topology, needs, policy })
      for (const { target } of downs)
        if (needs[target] === 'required' || target === 'app') {
          expect(choice.blockedBy).toContain(target)
          expect(choice.strategy).toBe(policy.onRequiredDown)
        }
    }),
  )
})

test('what nobody saw down never blocks', () => {
  fc.assert(
    fc.property(anyTest, ({ needs, snapshot }) => {
      const unseen = { ...snapshot, targets: snapshot.targets.filter((view) => !isDown(view)) }
      expect(chooseStrategy(unseen, { topology, needs, policy }).blockedBy).toEqual([])
    }),
  )
})

test('a test is blocked by exactly what it is said to be blocked by', () => {
  fc.assert(
    fc.property(anyTest, ({ needs, snapshot }) => {
      const { strategy, blockedBy } = chooseStrategy(snapshot, { topology, needs, policy })
      expect(strategy === 'graceful-skip').toBe(blockedBy.length > 0)
    }),
  )
})
