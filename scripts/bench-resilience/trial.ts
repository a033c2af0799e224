import { deadline, messageOf, now, sleep } from '#core'
import { type Operation, startLoad } from '#experiment'
import type { FaultHandle, LinkFaultSpec, ProfileFaultSpec } from '#fault'
import { actingStretches, awayStretches, type Stretch, sparesKept } from './acting.ts'
import { journeys, prepare, provesWell, type Talker } from './journeys.ts'
import type { Trial } from './plan.ts'
import type { Cell } from './score.ts'
import type { Arm } from './stage.ts'

export interface TrialOptions {
  readonly seed: number
  /** Journeys that begin each second. */
  readonly ratePerSecond: number
  /** Which attempt at this trial it is: each has users of its own. */
  readonly attempt: number
  readonly signal: AbortSignal
}

/** What one application did in one trial. A profile that hasn't bitten says nothing of it. */
export interface TrialFound {
  readonly cell: Cell
  readonly talkers: readonly Talker[]
  readonly hasBitten: boolean
}

const warmUpMs = 500
const prepareLimitMs = 10_000
const mostDraws = 25
const drawMs = 200
const settleLimitMs = 30_000
const settleEveryMs = 250
/** Past every limit of an operation, so that what is late is seen to be. */
const operationLimitMs = 5000
const always = { kind: 'span', text: '0s-', fromMs: 0, toMs: null } as const

/** One trial on one application: a steady load, the profile on one link for its window, and the way back to well. */
export async function runTrial(arm: Arm, trial: Trial, options: TrialOptions): Promise<TrialFound> {
  const { openClients } = arm
  const { seed, ratePerSecond, attempt, signal } = options
  const { clients, close } = openClients(signal)
  await using closing = new AsyncDisposableStack()
  closing.defer(close)
  const name = `${arm.name}-${trial.hurt}-${trial.profile}-${attempt}`
  const talkers = await within(prepareLimitMs, signal, (limit) => prepare(clients, name, limit))
  const load = startLoad({
    load: { journeys, ratePerSecond, durationMs: trial.windowMs, operationLimitMs },
    ...{ state: talkers, seed, openClients, signal },
    onOperation() {},
    onBegun() {},
  })
  await sleep(warmUpMs, signal)
  const acted = await disturb(arm, trial, signal)
  await load.drain()
  const { operations, shed } = load.history([])
  // Neither may be passed over: what wasn't sent, or went wrong here, would flatter the application.
  if (load.mistakes[0] !== undefined) throw new Error(`the bench is wrong: ${load.mistakes[0]}`)
  if (shed > 0) throw new Error(`${shed} arrivals were not sent, as too many were under way`)
  const cell: Cell = {
    ...{ profile: trial.profile, hurt: trial.hurt },
    operations: operations.filter(dueIn(acted.acting)),
    away: new Set(operations.filter(dueIn(acted.away))),
  }
  await settle(arm, talkers, signal)
  return { cell, talkers, hasBitten: acted.hasBitten }
}

interface Acted {
  /** In epoch ms. */
  readonly acting: readonly Stretch[]
  readonly away: readonly Stretch[]
  readonly hasBitten: boolean
}

/** Puts the profile on for its window. Only when it was surely on counts as acting. */
async function disturb(
  arm: Arm,
  { profile, hurt, toxics, windowMs }: Trial,
  signal: AbortSignal,
): Promise<Acted> {
  const target = { kind: 'link', name: arm.linkTo(hurt) } as const
  const spec: ProfileFaultSpec = { text: profile, fault: 'profile', profile, target, window: always }
  const draws = toxics.some(({ toxicity = 1 }) => toxicity < 1) ? mostDraws : 1
  const { putOnAt, fault: held } = await putOn(arm, spec, draws, signal)
  await using fault = held
  const cutKept = sparesKept(toxics) ? await cutOnce(arm, target) : false
  const onAt = now()
  await sleep(putOnAt + windowMs - now(), signal)
  const hasBitten = (await fault.bit()) ?? cutKept
  const clipped = (stretches: readonly Stretch[]) =>
    stretches.map(({ from, to }) => ({ from: Math.max(putOnAt + from, onAt), to: putOnAt + to }))
  return {
    acting: clipped(actingStretches(toxics, windowMs)),
    away: clipped(awayStretches(toxics, windowMs)),
    hasBitten,
  }
}

/**
 * Puts a profile on. One that hurts a share of connections is drawn anew, up to `draws` times, until it hits one that is in use: an
 * application of few connections would mostly be passed by.
 */
async function putOn(
  { faults }: Arm,
  spec: ProfileFaultSpec,
  draws: number,
  signal: AbortSignal,
): Promise<{ fault: FaultHandle; putOnAt: number }> {
  for (let left = draws - 1; ; left--) {
    const putOnAt = now()
    const fault = await faults.inject(spec)
    if (left === 0) return { fault, putOnAt }
    await sleep(drawMs, signal)
    if (await fault.bit()) return { fault, putOnAt }
    await fault.release()
  }
}

/**
 * Cuts the connections that stand: what acts on new ones alone models an instance that has just started, and would hurt
 * nobody else. Says whether there were any.
 */
async function cutOnce({ faults }: Arm, target: LinkFaultSpec['target']): Promise<boolean> {
  await using down: FaultHandle = await faults.inject({
    ...{ text: 'link-down', fault: 'link-down', target, window: always },
  })
  return (await down.bit()) === true
}

function dueIn(stretches: readonly Stretch[]) {
  return ({ startedAt }: Operation) => stretches.some(({ from, to }) => startedAt >= from && startedAt < to)
}

/** Waits until the application answers everything, and nothing less than it should. Throws when it doesn't within 30 s. */
async function settle(
  { name, openClients }: Arm,
  [talker]: readonly Talker[],
  signal: AbortSignal,
): Promise<void> {
  const until = now() + settleLimitMs
  for (;;) {
    const { clients, close } = openClients(signal)
    try {
      return await within(operationLimitMs, signal, (limit) => provesWell(clients, talker!, limit))
    } catch (error) {
      if (now() > until)
        throw new Error(`the application (resilience ${name}) did not recover: ${messageOf(error)}`, {
          cause: error,
        })
    } finally {
      await close()
    }
    await sleep(settleEveryMs, signal)
  }
}

async function within<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = deadline(limitMs, signal)
  return await work(limit.signal)
}
