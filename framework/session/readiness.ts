import { now, sleep } from '#core'
import type { RunningEnvironment } from '#environment'
import type { ReadinessSaid } from '#evidence'
import type { Snapshot, TargetHealth } from '#health'
import type { JournalSink } from '#journal'
import { isDown } from '#strategy'
import { endsOf } from '#topology'
import type { Watch } from './watch.ts'

const everyMs = 500
const answerLimitMs = 3_000
/** An answer that takes longer may have met what is wrong. */
const promptMs = 250
/** So many in a row, since what is away was seen away: fewer may be from before the application found out. */
const fewestAnswers = 3

export interface ReadinessOptions {
  readonly environment: Pick<RunningEnvironment, 'topology' | 'connections'>
  readonly watch: Pick<Watch, 'monitor' | 'onHealthChange'>
  readonly journal: JournalSink
  readonly signal: AbortSignal
}

/** What the entry says of itself before tests begin, and while something that it requires is seen down. */
export interface AskedReadiness extends AsyncDisposable {
  /** Whether the entry goes on saying, at once each time, that it is ready, and so that it reaches the service. */
  contradicts(service: string): boolean
  /** Settles when the entry has said for the first time that it is ready; at once where it declares no readiness. */
  readonly saidReady: Promise<void>
}

/**
 * Asks the entry whether it is ready: until it is for the first time, since what it can't do before an outage is no doing of that
 * one; and for as long as something that its readiness covers is seen down from beside it. Nobody may use the application just
 * then, since tests that need the service are held back, and by its answer, and by what it asks of the service to give one, the
 * application shows whether it is cut off as well.
 */
export function askReadiness({ environment, watch, journal, signal }: ReadinessOptions): AskedReadiness {
  const { topology, connections } = environment
  const { readiness } = topology.services[topology.entry] ?? {}
  const stopping = new AbortController()
  const ended = AbortSignal.any([signal, stopping.signal])
  let asking: Promise<void> | undefined
  let readyInARow = 0
  let wasReady = readiness === undefined
  const firstReady = Promise.withResolvers<void>()
  if (wasReady) firstReady.resolve()
  const isCalledFor = ({ targets }: Snapshot) =>
    !wasReady ||
    targets.some((view) => readiness?.covers.includes(view.target) && isSeenDownFrom(topology.entry, view))

  const ask = async (path: string): Promise<ReadinessSaid> => {
    const at = now()
    const limit = AbortSignal.any([ended, AbortSignal.timeout(answerLimitMs)])
    const status = await fetch(new URL(path, connections.entry), { signal: limit, redirect: 'manual' }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => null,
    )
    return { at, tookMs: now() - at, status }
  }

  const askOn = async (path: string) => {
    while (!ended.aborted && isCalledFor(watch.monitor.snapshot())) {
      const data = await ask(path)
      if (!ended.aborted) journal.append({ source: 'session', kind: 'readiness', data })
      readyInARow = isReady(data) ? readyInARow + 1 : 0
      if (isReady(data)) {
        wasReady = true
        firstReady.resolve()
      }
      await sleep(everyMs, ended).catch(() => {})
    }
  }

  const begin = () => {
    if (readiness === undefined || asking || !isCalledFor(watch.monitor.snapshot())) return
    asking = askOn(readiness.path).finally(() => {
      asking = undefined
      readyInARow = 0
    })
  }
  watch.onHealthChange(begin)
  begin()
  return {
    saidReady: firstReady.promise,
    contradicts: (service) => readyInARow >= fewestAnswers && readiness?.covers.includes(service) === true,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await asking
    },
  }
}

/** Whether this is an outage of a way that the entry itself goes, for new connections at least. */
export function isSeenDownFrom(entry: string, view: TargetHealth): boolean {
  const isOwn = view.link === undefined || endsOf(view.link).from === entry
  return view.vantage === 'app-side' && isOwn && isDown(view)
}

function isReady({ status, tookMs }: ReadinessSaid): boolean {
  return status !== null && status < 400 && tookMs <= promptMs
}
