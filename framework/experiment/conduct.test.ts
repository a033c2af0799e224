import { expect, test } from 'vitest'
import type { FaultSpec, Injection } from '#fault'
import { conductExperiment } from './conduct.ts'
import { defineExperiment, type ExperimentOptions } from './define.ts'
import { usefulShare } from './expectations/operations.ts'
import { nothingLost } from './expectations/values.ts'
import type { JourneyClients } from './journey.ts'
import type { LoadOptions } from './load.ts'
import type { ExperimentPorts } from './ports.ts'

const spec: FaultSpec = {
  text: 'link-down@app/database',
  fault: 'link-down',
  target: { kind: 'link', name: 'app/database' },
  window: { kind: 'span', text: '0s-', fromMs: 0, toMs: null },
}
const bitten: Injection = { fault: 'link-down', target: 'app/database', window: '0s-', bit: true }

/** Goes on for longer than any test waits. */
const longLoad: LoadOptions<undefined> = {
  journeys: { idle: async (t) => void (await t.operation('idle', async () => {})) },
  ratePerSecond: 50,
  durationMs: 30_000,
}

/** A system that a fault breaks for as long as it is on. */
function makeWorld(over: Partial<ExperimentPorts> & { bit?: Injection['bit']; staysBroken?: boolean } = {}) {
  const world = { isOn: false, wasOn: false, finished: 0, kinds: [] as string[] }
  const { bit = true, staysBroken = false, ...given } = over
  const ports: ExperimentPorts = {
    openClients: () => ({ clients: { http: {}, ws: {} } as JourneyClients, close: async () => {} }),
    faults: [spec],
    createSchedule: () => ({
      applyBefore: async () => {},
      start: async () => {
        world.isOn = world.wasOn = true
      },
      finish: async () => {
        world.isOn = staysBroken && world.wasOn
        world.finished++
        return [{ ...bitten, bit }]
      },
      [Symbol.asyncDispose]: async () => {},
    }),
    watchLinks: () => ({ samples: () => ({}), [Symbol.asyncDispose]: async () => {} }),
    health: () => ({ at: 0, targets: [] }),
    waitUntilWell: async () => [],
    proveRolledBack: async () => ({ proven: true, detail: 'all is back' }),
    journal: { append: ({ kind }) => void world.kinds.push(kind) },
    onProgress() {},
    signal: new AbortController().signal,
    ...given,
  }
  const kept = new Map<string, string[]>()
  const experiment = (options: Partial<ExperimentOptions<undefined>> = {}) =>
    defineExperiment<undefined>({
      name: 'made up',
      faults: [spec.text],
      baselineMs: 200,
      load: {
        journeys: {
          async post(t) {
            const write = { key: 'a', value: String(t.id) }
            await t.operation(
              'post',
              async () => {
                if (world.isOn) throw new Error('refused')
                kept.set('a', [...(kept.get('a') ?? []), write.value])
              },
              { write },
            )
          },
        },
        ratePerSecond: 100,
        durationMs: 200,
        operationLimitMs: 500,
      },
      steadyState: [usefulShare({ atLeast: 1 })],
      expectations: [nothingLost()],
      recovery: { withinMs: 300, stableForMs: 200 },
      readBack: async () => [{ key: 'a', values: kept.get('a') ?? [] }],
      ...options,
    })
  return {
    world,
    kept,
    ports,
    run: (options?: Partial<ExperimentOptions<undefined>>) =>
      conductExperiment(experiment(options), 7, ports),
  }
}

test('an experiment whose promises are kept is held, and says how soon all was well', async () => {
  const { world, run } = makeWorld()
  const result = await run()
  expect(result).toMatchObject({ outcome: 'held', seed: 7, injections: [bitten], rollBack: { proven: true } })
  expect(result.recoveryMs).toBeTypeOf('number')
  expect(world).toMatchObject({ wasOn: true, isOn: false })
  expect(world.kinds).toEqual(expect.arrayContaining(['operation-begun', 'operation-ended', 'expectation']))
  expect(world.kinds.at(-1)).toBe('experiment-ended')
})

test('what breaks during the fault breaks the promise', async () => {
  const result = await makeWorld().run({ expectations: [usefulShare({ atLeast: 0.9 })] })
  expect(result).toMatchObject({ outcome: 'broken' })
})

test('an acknowledged value that isn’t kept breaks the promise', async () => {
  const result = await makeWorld().run({ readBack: async () => [{ key: 'a', values: [] }] })
  expect(result.expectations).toContainEqual(
    expect.objectContaining({ name: nothingLost().name, outcome: 'broken' }),
  )
})

test('a system that doesn’t recover breaks its bound', async () => {
  const result = await makeWorld({ staysBroken: true }).run()
  expect(result).toMatchObject({ outcome: 'broken', recoveryMs: null })
})

test('a fault that didn’t bite leaves the experiment inconclusive', async () => {
  expect(await makeWorld({ bit: false }).run()).toMatchObject({
    outcome: 'inconclusive',
    reason: 'link-down@app/database:0s- did not bite',
  })
  expect(await makeWorld({ bit: null }).run()).toMatchObject({ outcome: 'inconclusive' })
})

test('nothing is injected where the state isn’t steady', async () => {
  const { world, run } = makeWorld()
  const result = await run({ steadyState: [usefulShare({ atLeast: 1, of: 'read' })] })
  expect(result).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('not steady') })
  expect(world.wasOn).toBe(false)
})

test('nothing is injected where a needed service isn’t well', async () => {
  const { world, run } = makeWorld({ waitUntilWell: async () => ['database'] })
  expect(await run()).toMatchObject({
    outcome: 'inconclusive',
    reason: 'database was not well before it began',
  })
  expect(world.wasOn).toBe(false)
})

test('what can’t be prepared is told, and nothing is injected', async () => {
  const { world, run } = makeWorld()
  expect(await run({ prepare: () => Promise.reject(new Error('status 503')) })).toMatchObject({
    outcome: 'inconclusive',
    reason: 'status 503',
  })
  expect(world.wasOn).toBe(false)
})

test('an experiment is given up when it does more harm than it may, and the faults come off', async () => {
  const { world, run } = makeWorld()
  const result = await run({ abortWhen: [{ name: 'too much', holds: () => true }], load: longLoad })
  expect(result).toMatchObject({ outcome: 'aborted', reason: 'too much', rollBack: { proven: true } })
  expect(world).toMatchObject({ wasOn: true, isOn: false })
})

test('an experiment is given up when a service outside its blast radius is unavailable', async () => {
  const unwell = { target: 'auth', vantage: 'app-side', status: 'unavailable', since: 0 } as const
  const { run } = makeWorld({ health: () => ({ at: 0, targets: [unwell] }) })
  expect(await run({ blastRadius: [], load: longLoad })).toMatchObject({ outcome: 'aborted' })
})

test('what a fault acts on may become unavailable by it', async () => {
  const unwell = { target: 'database', vantage: 'app-side', status: 'unavailable', since: 0 } as const
  const { run } = makeWorld({ health: () => ({ at: 0, targets: [unwell] }) })
  const load = { ...longLoad, durationMs: 600 }
  expect(await run({ blastRadius: [], expectations: [], load })).toMatchObject({ outcome: 'held' })
})

test('a condition that can’t be told ends the experiment too', async () => {
  const holds = () => {
    throw new TypeError('no such field')
  }
  const { world, run } = makeWorld()
  expect(await run({ abortWhen: [{ name: 'wrong', holds }], load: longLoad })).toMatchObject({
    outcome: 'aborted',
  })
  expect(world.isOn).toBe(false)
})

test('an interrupt takes the faults off and keeps what was found', async () => {
  const stopping = new AbortController()
  const { world, run } = makeWorld({
    signal: stopping.signal,
    onProgress: ({ frame }) => {
      if (frame.step === 'observe') stopping.abort(new Error('interrupted'))
    },
  })
  const result = await run({ load: longLoad })
  expect(result).toMatchObject({ outcome: 'aborted', reason: 'interrupted' })
  expect(result.expectations).toContainEqual(expect.objectContaining({ outcome: 'held' }))
  expect(world).toMatchObject({ wasOn: true, isOn: false })
})

test('an experiment that isn’t proven to be rolled back says nothing', async () => {
  const proveRolledBack = async () => ({ proven: false, detail: 'app.database does not listen' })
  expect(await makeWorld({ proveRolledBack }).run()).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('app.database does not listen'),
  })
})

test('a journey that fails by itself makes the experiment inconclusive', async () => {
  const journeys = { post: () => Promise.reject(new TypeError('no thread')) }
  const result = await makeWorld().run({
    steadyState: [{ name: 'nothing', declared: '', check: () => ({ outcome: 'held', observed: '' }) }],
    load: { journeys, ratePerSecond: 50, durationMs: 200, operationLimitMs: 100 },
  })
  expect(result).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('no thread') })
})

test('an experiment without a steady state can’t be defined', () => {
  expect(() =>
    defineExperiment({
      name: 'x',
      faults: [],
      load: { journeys: { a: async () => {} }, ratePerSecond: 1, durationMs: 1 },
      steadyState: [],
      expectations: [],
      recovery: { withinMs: 1 },
    }),
  ).toThrow('experiment "x": steadyState is empty')
})
