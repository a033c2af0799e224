import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { faultline, root } from './gate-command.ts'
import { type Ended, HeldGate, type Moment, type Part } from './held-gate.ts'
import { carriersOf, kill } from './traces.ts'

/** What the design promises: nothing survives its owner by more than this. */
const promise = { timeout: 10_000, interval: 25 }

type Victim = Part | 'gate' | 'Ctrl-C' | 'SIGTERM'

/** What ends a gate at once, and how the gate then exits; after anything else it goes on. */
const endings: Partial<Record<Victim, number | NodeJS.Signals>> = {
  'Ctrl-C': 130,
  SIGTERM: 143,
  gate: 'SIGKILL',
  keeper: 70,
  proxy: 70,
}

/** How a gate may exit that lost a part that it can do without, or that is started again. */
const survivals: Partial<Record<Victim, readonly number[]>> = {
  agent: [0],
  monitor: [0],
  'runner probe': [0],
  database: [0, 3, 75],
  auth: [0, 1, 3],
  app: [0, 1, 3],
  worker: [1, 3],
  starver: [0, 3, 75],
}

const faults: Partial<Record<Moment, string>> = {
  'fault on': 'link-down@app/analytics',
  rerun: 'link-down@app/database:0s-3s',
}

const fromBringUp: Victim[] = [
  ...(['Ctrl-C', 'SIGTERM', 'gate'] as const),
  ...(['keeper', 'proxy', 'agent', 'database', 'auth', 'app'] as const),
]
const fromPreFlight: Victim[] = [...fromBringUp, 'monitor', 'runner probe', 'worker']

/** Everything at every moment that has it. */
const product: Record<Moment, readonly Victim[]> = {
  'bring-up': fromBringUp,
  'pre-flight': fromPreFlight,
  'first test': fromPreFlight,
  'fault on': [...fromPreFlight, 'starver'],
  rerun: fromPreFlight,
  'tear-down': fromPreFlight,
}

/** A part of it that has every victim, and every moment more than once. */
const cover: Record<Moment, readonly Victim[]> = {
  'bring-up': ['Ctrl-C', 'agent'],
  'pre-flight': ['SIGTERM', 'runner probe'],
  'first test': ['Ctrl-C', 'keeper', 'monitor', 'database', 'worker'],
  'fault on': ['gate', 'proxy', 'auth', 'starver'],
  rerun: ['gate', 'app'],
  'tear-down': ['SIGTERM'],
}

const chosen = process.env['FAULTLINE_KILLS'] === 'all' ? product : cover
const pairs = Object.entries(chosen).flatMap(([moment, victims]) =>
  victims.map((victim) => ({ victim, moment: moment as Moment })),
)

let cache: string
let stranger: ChildProcess

beforeAll(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'kills-cache-'))
  const likeOurs = ['framework/environment/keeper/main.ts', 'fixtures/backend/main.ts', '--owned', 'gate']
  stranger = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)', '--', ...likeOurs], {
    cwd: root,
    env: { FAULTLINE_LEASE: 'of-somebody' },
    stdio: 'ignore',
  })
})

afterAll(async () => {
  stranger.kill('SIGKILL')
  await rm(cache, { recursive: true, force: true })
})

describe.skipIf(process.platform !== 'linux')('a gate that is killed, or loses a process', () => {
  test.for(pairs)('$victim, $moment', async ({ victim, moment }, { annotate }) => {
    await using gate = new HeldGate(moment, { inject: injected(victim, moment), cache })
    await gate.reached(isPart(victim) ? victim : 'app')
    const at = performance.now()
    const hit = strike(gate, victim)
    const endsAtOnce = endings[victim] !== undefined && hit
    if (!endsAtOnce) gate.goOn()
    const ended = endsAtOnce ? await within(gate.ended, promise.timeout) : await gate.ended
    const from = endsAtOnce ? at : performance.now()
    await expect.poll(() => gate.traces(), promise).toEqual([])
    await annotate(`exit ${ended.exit}; nothing left after ${Math.round(performance.now() - from)} ms`)

    expect(exitsOf(victim, moment), ended.stdout + ended.stderr).toContain(ended.exit)
    await expectRecord(gate, ended, { victim, moment })
    expect(gate.strangersAreLeft()).toBe(true)
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
  })

  test('ends at once when it is interrupted again, and its keeper cleans up', async () => {
    await using gate = new HeldGate('first test', { inject: [], cache })
    await gate.reached('worker')
    process.kill(-gate.pid, 'SIGINT')
    process.kill(-gate.pid, 'SIGINT')
    const { exit } = await within(gate.ended, promise.timeout)
    expect(exit).toBe(130)
    await expect.poll(() => gate.traces(), promise).toEqual([])
  })

  test('takes frozen processes with it', async () => {
    await using gate = new HeldGate('first test', { inject: [], cache })
    await gate.reached('worker')
    for (const part of ['worker', 'monitor', 'app', 'database'] as const) kill(gate.find(part)!, 'SIGSTOP')
    kill(gate.look().find(({ pid }) => pid === gate.pid)!, 'SIGKILL')
    await expect.poll(() => gate.traces(), promise).toEqual([])
  })

  test('marks everything that it starts with its lease', async () => {
    await using gate = new HeldGate('first test', { inject: [], cache })
    await gate.reached('worker')
    const lease = gate.find('app')?.environment.find((each) => each.startsWith('FAULTLINE_LEASE='))
    const marked = new Set(carriersOf(lease ?? '').map(({ pid }) => pid))
    const exempt = new Set([gate.pid, gate.find('keeper')?.pid, gate.find('database')?.pid])
    const unmarked = gate.look().filter(({ pid }) => !marked.has(pid) && !exempt.has(pid))
    expect(unmarked.map(({ command }) => command).filter((each) => !each.startsWith('postgres: '))).toEqual(
      [],
    )
  })
})

function isPart(victim: Victim): victim is Part {
  return victim !== 'gate' && victim !== 'Ctrl-C' && victim !== 'SIGTERM'
}

function injected(victim: Victim, moment: Moment): string[] {
  if (victim === 'starver') return ['cpu@runner']
  const fault = faults[moment]
  return fault === undefined ? [] : [fault]
}

/** Hits the victim; false when it isn't there any more. */
function strike(gate: HeldGate, victim: Victim): boolean {
  const processes = gate.look()
  if (victim === 'Ctrl-C') return process.kill(-gate.pid, 'SIGINT')
  if (victim === 'SIGTERM') return process.kill(gate.pid, 'SIGTERM')
  const target = isPart(victim) ? gate.find(victim) : processes.find(({ pid }) => pid === gate.pid)
  return target !== undefined && kill(target, 'SIGKILL')
}

function exitsOf(victim: Victim, moment: Moment): (number | NodeJS.Signals)[] {
  const ending = endings[victim]
  // What is lost while the gate clears away was not needed any more.
  if (ending !== undefined) return moment === 'tear-down' && ending === 70 ? [70, 0] : [ending]
  const usual = survivals[victim] ?? []
  if (moment === 'tear-down') return [0]
  // Without the worker that lists the tests nobody knows what there is to run, unless it had done so.
  if (victim === 'worker' && moment === 'pre-flight') return [...usual, 0, 70]
  // Whether the rerun clears what the fault did is then anybody's guess.
  return moment === 'rerun' ? [...usual, 3, 75] : [...usual]
}

/** The journal can be judged up to its last record, and what was cut short is never a pass. */
async function expectRecord(
  gate: HeldGate,
  { exit, stdout }: Ended,
  { victim, moment }: { victim: Victim; moment: Moment },
): Promise<void> {
  const journal = gate.journal ?? ''
  const judged = await faultline(['judge', journal])
  const hasBegun = readFileSync(journal, 'utf8').includes('"kind":"run-started"')
  if (!hasBegun) {
    expect(judged).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('FL6004') })
    return
  }
  expect(judged.stdout, judged.stderr).toMatch(/\d+ passed.*, \d+ failed/)
  // A gate that can't list its tests has nothing to report.
  if (victim === 'worker' && exit === 70) return
  if (victim !== 'gate') expect(stdout).toContain(`record: ${path.relative(root, journal)}`)
  if (endings[victim] === undefined || exit === 70) expect(judged.exitCode).toBe(exit)
  else if (moment !== 'tear-down') expect(judged.exitCode).not.toBe(0)
}

function within<T>(promised: Promise<T>, limitMs: number): Promise<T> {
  return vi.waitFor(() => promised, { timeout: limitMs })
}
