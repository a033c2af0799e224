import { expect, test } from 'vitest'
import { createInjector, createSchedule, type FaultSpec, type FaultWindow, type InjectorParts } from '#fault'
import type { NewRecord } from '#journal'

test('a fault is recorded before it acts and before it is taken off', async () => {
  const stage = setUp()
  const schedule = stage.schedule(stopped(span(0, null)))
  await schedule.start()
  await expect.poll(() => stage.log).toEqual(['fault-on', 'stop database'])
  await schedule.finish()
  expect(stage.log).toEqual(['fault-on', 'stop database', 'fault-off', 'release database', 'fault-bit'])
})

test('the start waits for the links that are to be hurt from then on', async () => {
  const stage = setUp()
  await stage.schedule(linkDown(span(0, null))).start()
  expect(stage.log).toEqual(['fault-on', 'hurt app/database'])
})

test('the start waits for no fault that comes later, or that happens to a process', async () => {
  const stage = setUp()
  await stage.schedule(stopped(span(0, null)), linkDown(span(900_000, null))).start()
  expect(stage.log).toEqual([])
})

test('a fault is off when its window has ended', async () => {
  const stage = setUp()
  await stage.schedule(stopped(span(0, 20))).start()
  await expect.poll(() => stage.log).toContain('release database')
})

test('a window that opens after the end never opens, and nothing waits for it', async () => {
  const stage = setUp()
  const schedule = stage.schedule(stopped(span(900_000, 901_000)))
  await schedule.start()
  expect(await schedule.finish()).toEqual([
    { fault: 'stopped', target: 'database', window: '900000ms-901000ms', bit: false },
  ])
  expect(stage.log).toEqual(['fault-bit'])
})

test('nothing is on before the start but what is meant to be', async () => {
  const stage = setUp()
  const schedule = stage.schedule(stopped(span(0, null)), { ...stopped({ kind: 'before', text: 'before' }) })
  await schedule.applyBefore()
  expect(stage.log).toEqual(['fault-on', 'stop database'])
  await schedule.finish()
})

test('a fault that was put on and seen has bitten', async () => {
  const stage = setUp()
  const schedule = stage.schedule(stopped({ kind: 'before', text: 'before' }))
  await schedule.applyBefore()
  expect(await schedule.finish()).toEqual([
    { fault: 'stopped', target: 'database', window: 'before', bit: true },
  ])
})

test('a fault that could not be put on did not bite, and says why', async () => {
  const stage = setUp({ stop: () => Promise.reject(new Error('no such process')) })
  const schedule = stage.schedule(stopped({ kind: 'before', text: 'before' }))
  await schedule.applyBefore()
  expect(await schedule.finish()).toMatchObject([{ bit: false, problem: 'no such process' }])
})

test('finishing while a fault is being put on takes it off', async () => {
  const stage = setUp()
  const schedule = stage.schedule(stopped({ kind: 'before', text: 'before' }))
  const applied = schedule.applyBefore()
  await schedule.finish()
  await applied
  expect(stage.log).toContain('release database')
})

function span(fromMs: number, toMs: number | null): FaultWindow {
  return { kind: 'span', text: `${fromMs}ms-${toMs ?? ''}${toMs ? 'ms' : ''}`, fromMs, toMs }
}

function linkDown(window: FaultWindow): FaultSpec {
  return {
    text: 'link-down@app/database',
    fault: 'link-down',
    target: { kind: 'link', name: 'app/database' },
    window,
  }
}

function stopped(window: FaultWindow): FaultSpec {
  return { text: 'stopped@database', fault: 'stopped', target: { kind: 'service', name: 'database' }, window }
}

/** Ports that write down what is asked of them, in one order with the journal. */
function setUp(services: Partial<InjectorParts['services']> = {}) {
  const log: string[] = []
  const held =
    (what: string) =>
    async (service = 'runner') => {
      log.push(`${what} ${service}`)
      return { [Symbol.asyncDispose]: async () => void log.push(`release ${service}`) }
    }
  const journal = { append: (record: NewRecord) => void log.push(record.kind) }
  const injector = createInjector({
    journal,
    links: {
      async inject({ target }) {
        log.push(`hurt ${target.name}`)
        return { bit: async () => true, release: async () => {}, [Symbol.asyncDispose]: async () => {} }
      },
    },
    services: {
      stop: held('stop'),
      freeze: held('freeze'),
      kill: held('kill'),
      restart: held('restart'),
      seen: () => true,
      ...services,
    },
    runner: { starve: held('starve'), lagSeen: () => true },
  })
  return { log, schedule: (...specs: FaultSpec[]) => createSchedule(specs, injector, journal) }
}
