import { type Interval, overlaps } from '#core'
import type { RunnerSample } from '#probe'
import { firstAt, gapIn, isGoodLook, within } from '../looks.ts'
import { median } from '../median.ts'
import type { Outage } from '../outages.ts'
import type { Trouble } from '../trouble.ts'
import type { View } from '../view.ts'

/** The runner's own state during an operation. */
export interface RunnerFinding {
  /** How much of the window the test's own process was denied the processor, 0–1. */
  readonly deniedShare: number
  /**
   * The runner was denied the processor: the test's process and the runner's probe alike. A test that waits in a system call of
   * its own (`execSync`) is late without the processor too, but alone.
   */
  readonly starved: boolean
  /** The test's own code held the loop: late timers with the processor to itself. */
  readonly ownCodeHeldLoop: boolean
  /** The control target, behind no link, was dead from the runner. */
  readonly controlDead: Outage | null
  /** The control target was seen well without a gap. */
  readonly controlFine: boolean
}

const lateMs = 100
const deniedBelow = 0.5
const ownAbove = 0.8
/** Less than this of the window, and the denial doesn't explain the failure. */
const starvedShare = 0.6
const starvedMs = 250

/** Reads the samplers of the worker that ran the test, or of the runner's probe where that worker wrote none. */
export function readRunner(view: View, trouble: Trouble): RunnerFinding {
  const { window } = trouble
  const worker = trouble.kind === 'failure' ? trouble.attempt.worker : null
  const near = (process: string) => samplesIn(view, process, window)
  const own = worker === null ? [] : near(worker)
  const samples = own.length > 0 ? own : near('probe')
  const denied = samples.filter(isDenied)
  const deniedMs = covered(denied.map(spanOf), window)
  const deniedShare = deniedMs / Math.max(1, window.to - window.from)
  const probeDeniedMs = covered(near('probe').filter(isDenied).map(spanOf), window)
  const controlDead = view.controlOutages.find((each) => each.looks >= 2 && overlaps(each, window)) ?? null
  return {
    deniedShare: Math.min(1, deniedShare),
    starved:
      deniedShare >= starvedShare &&
      deniedMs >= starvedMs &&
      probeDeniedMs * 2 >= deniedMs &&
      !othersWereFaster(view, trouble),
    ownCodeHeldLoop: samples.some((sample) => sample.lagMs >= lateMs && sample.cpuShare >= ownAbove),
    controlDead,
    controlFine:
      controlDead === null &&
      within(view.controlLooks, window).every(isGoodLook) &&
      gapIn(view.controlLooks, window, view.gapMs) === undefined,
  }
}

const fewestOthers = 3
const muchFaster = 3

/**
 * Whether the same operation was answered much faster while processes of the runner were just as starved: then that isn't what
 * held this one up.
 */
function othersWereFaster(view: View, trouble: Trouble): boolean {
  if (trouble.kind !== 'failure' || trouble.operation === null) return false
  const { operation, window, attempt } = trouble
  const durations = view.evidence.attempts
    .filter((each) => each !== attempt)
    .flatMap(({ exchanges, worker }) => exchanges.map((exchange) => ({ ...exchange, worker })))
    .filter((each) => each.operation === operation && each.outcome === 'ok')
    .filter((each) => deniedWithin(view, each.worker, each) * 2 >= each.to - each.from)
    .map((each) => each.to - each.from)
  return durations.length >= fewestOthers && median(durations) * muchFaster < window.to - window.from
}

/** For how long in the window a process was denied the processor, in ms. */
function deniedWithin(view: View, process: string, window: Interval): number {
  return covered(samplesIn(view, process, window).filter(isDenied).map(spanOf), window)
}

function isDenied(sample: RunnerSample): boolean {
  return sample.lagMs >= lateMs && sample.cpuShare < deniedBelow
}

/** Samples that tell of the window, found from the first one after its start. */
function samplesIn(view: View, process: string, window: Interval): RunnerSample[] {
  const all = view.samplesOf(process)
  const found: RunnerSample[] = []
  for (let index = firstAt(all, window.from); index < all.length; index += 1) {
    const sample = all[index]!
    if (overlaps(spanOf(sample), window)) found.push(sample)
    else break
  }
  return found
}

/** A timer that fired late by `lagMs` tells of the time before it. */
function spanOf(sample: RunnerSample): Interval {
  return { from: sample.at - sample.lagMs, to: sample.at }
}

/** How much of the window the spans cover together, in ms. */
function covered(spans: readonly Interval[], window: Interval): number {
  let total = 0
  let reached = window.from
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const start = Math.max(from, reached)
    const end = Math.min(to, window.to)
    if (end > start) total += end - start
    reached = Math.max(reached, end)
  }
  return total
}
