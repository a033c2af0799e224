import { now } from '#core'
import { type Snapshot, statusOf } from '#health'
import type { JournalSink } from '#journal'
import type { BeginReply, BeginRequest, Begun, RunGuide, StandingReply } from '#run'
import {
  chooseStrategy,
  endOutages,
  isDown,
  joinOutage,
  noOutages,
  type StrategyChoice,
  type StrategyPolicy,
} from '#strategy'
import type { Needs, Topology } from '#topology'
import { isSeenDownFrom } from './readiness.ts'
import type { Watch } from './watch.ts'

/** How tests of a run proceed, by the health of what they need; and the one wait of each outage. */
export interface Guide extends RunGuide {
  /** How a test with these needs would proceed right now. */
  choose(needs: Needs): StrategyChoice
  /**
   * Waits until no test with one of these needs would be blocked, within what is left of the outage's one wait. True when
   * that came about.
   */
  waitForRecovery(needs: readonly Needs[]): Promise<boolean>
  /** The first test that found what it needs down, where the policy says that the run ends there. */
  readonly failedFast: Promise<StrategyChoice>
}

export interface GuideOptions {
  readonly watch: Pick<Watch, 'monitor' | 'onHealthChange'>
  readonly topology: Topology
  readonly policy: StrategyPolicy
  readonly journal: JournalSink
  /** Of the run: a wait is shared by tests, and outlives any one of them. */
  readonly signal: AbortSignal
  /**
   * Whether the application contradicts that a service is down: then the agent alone may be cut off, and tests that need it run, with
   * patience. They tell more than a blocked one.
   */
  readonly isContradicted: (service: string) => boolean
  /** Called before the first test body begins; no test begins before it has settled. */
  readonly onFirstTest: () => Promise<void>
}

export function createGuide(options: GuideOptions): Guide {
  const { watch, topology, policy, journal, signal, isContradicted, onFirstTest } = options
  const { monitor } = watch
  let outages = noOutages
  let started: Promise<void> | undefined
  const waits = new Map<number, Promise<boolean>>()
  const failedFast = Promise.withResolvers<StrategyChoice>()
  const choose = (needs: Needs, snapshot: Snapshot = monitor.snapshot()) =>
    chooseStrategy(withDoubts(snapshot, topology.entry, isContradicted), { topology, needs, policy })

  /** Whoever is blocked by one outage shares its one wait. */
  const waitForRecovery = async (needs: readonly Needs[]): Promise<boolean> => {
    const blockedBy = (snapshot: Snapshot) => [
      ...new Set(needs.flatMap((each) => choose(each, snapshot).blockedBy)),
    ]
    const services = blockedBy(monitor.snapshot())
    if (services.length === 0) return true
    const joined = joinOutage(outages, { services, at: now(), recoveryWaitMs: policy.recoveryWaitMs })
    outages = joined.ledger
    const from = now()
    if (joined.waitUntil <= from) return false
    const wait = waits.get(joined.waitUntil) ?? waitOnce(services, from, joined.waitUntil)
    waits.set(joined.waitUntil, wait)
    await wait
    return blockedBy(monitor.snapshot()).length === 0
  }

  const waitOnce = async (services: readonly string[], from: number, until: number) => {
    const recovered = await monitor.waitUntil(
      (snapshot) => services.every((service) => isBack(snapshot, service)),
      {
        limitMs: until - from,
        signal,
      },
    )
    journal.append({
      source: 'session',
      kind: 'recovery-wait',
      data: { from, to: now(), services, recovered },
    })
    return recovered
  }

  /** Not only up again, but for long enough: what comes and goes isn't back. */
  const isBack = (snapshot: Snapshot, service: string) =>
    !blockedByAny(snapshot, service) &&
    (isContradicted(service) ||
      ['healthy', 'degraded', 'unknown'].includes(statusOf(snapshot, service, topology.entry)))

  const blockedByAny = (snapshot: Snapshot, service: string) =>
    choose({ [service]: 'required' }, snapshot).blockedBy.includes(service)

  // An outage ends when its services have been well for a while, whether or not a test asks just then.
  watch.onHealthChange(() => {
    const snapshot = monitor.snapshot()
    outages = endOutages(outages, {
      isDown: (service) => blockedByAny(snapshot, service),
      at: now(),
      calmMs: policy.recoveryWaitMs,
    })
    tellStanding()
  })

  let isStarted = false
  const listeners = new Set<(reply: StandingReply | undefined) => void>()
  const standingReply = (): StandingReply | undefined => {
    const snapshot = monitor.snapshot()
    const choice = choose({}, snapshot)
    return isStarted && choice.blockedBy.length === 0 ? { kind: 'run', choice, snapshot } : undefined
  }
  const tellStanding = () => {
    if (listeners.size === 0) return
    const reply = standingReply()
    for (const listener of listeners) listener(reply)
  }

  const begun = ({ testId, n, worker }: Begun) =>
    journal.append({ source: worker, kind: 'attempt-started', data: { testId, n, worker } })

  const begin = async (test: BeginRequest): Promise<BeginReply> => {
    started ??= onFirstTest().then(() => {
      isStarted = true
      tellStanding()
    })
    await started
    const skip = leftOut(test, monitor.snapshot())
    if (skip) return { kind: 'skip', reason: skip }
    if (choose(test.needs).blockedBy.length > 0) await waitForRecovery([test.needs])
    const snapshot = monitor.snapshot()
    const choice = choose(test.needs, snapshot)
    if (choice.blockedBy.length === 0) {
      begun(test)
      return { kind: 'run', choice, snapshot }
    }
    if (choice.strategy === 'fail-fast') failedFast.resolve(choice)
    return { kind: 'blocked', choice }
  }

  return {
    begin,
    standing: {
      begun,
      on(listener) {
        listeners.add(listener)
        listener(standingReply())
        return { [Symbol.dispose]: () => void listeners.delete(listener) }
      },
    },
    choose,
    waitForRecovery,
    failedFast: failedFast.promise,
    failed: (_failure, requestSignal) => monitor.round(requestSignal),
    health: () => monitor.snapshot(),
    runnerSample: (sample) =>
      journal.append({ at: sample.at, source: sample.process, kind: 'runner-sample', data: sample }),
  }
}

/** Whether a variant isn't called for, or stands in for this test. */
function leftOut(test: BeginRequest, snapshot: Snapshot): 'replaced' | 'not-degraded' | undefined {
  const down = (service: string) =>
    snapshot.targets.some((view) => view.target === service && view.vantage === 'app-side' && isDown(view))
  if (test.variant && !down(test.variant.whenDegraded)) return 'not-degraded'
  if (test.insteadOfBy?.some(down)) return 'replaced'
  return undefined
}

/** The same, with what the application contradicts as trouble, and not as an outage. It knows of its own ways only. */
function withDoubts(
  snapshot: Snapshot,
  entry: string,
  isContradicted: (service: string) => boolean,
): Snapshot {
  const targets = snapshot.targets.map((view) =>
    isSeenDownFrom(entry, view) && isContradicted(view.target)
      ? { ...view, status: 'degraded' as const }
      : view,
  )
  return { ...snapshot, targets }
}
