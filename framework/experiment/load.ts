import { createRandom, type EpochMs, messageOf, now, type Random } from '#core'
import { arrivals, evenArrivals, type Spacing } from './arrivals.ts'
import type { History, Operation, PhaseSpan, WrittenValue } from './history.ts'
import type { Journey, JourneyClients, JourneyTools, WeightedJourney } from './journey.ts'
import { runOperation } from './operation.ts'

/** What users do while an experiment lasts, and how often. */
export interface LoadOptions<State> {
  /** By name. A plain function has the weight 1. */
  readonly journeys: Readonly<Record<string, Journey<State> | WeightedJourney<State>>>
  /** Journeys that begin each second, whether or not earlier ones have ended. */
  readonly ratePerSecond: number
  /**
   * `independent`, as users come, unless given. `even` where the pauses matter, or where so few begin that none may fall into a
   * phase.
   */
  readonly spacing?: Spacing
  /** How long the faults are observed, in ms. */
  readonly durationMs: number
  /** A journey that would be one more than this under way isn't begun; 200 unless given. */
  readonly maxInFlight?: number
  /** No more journeys than this begin; 10,000 unless given. */
  readonly maxJourneys?: number
  /** How long one operation may take, in ms; 5000 unless given. */
  readonly operationLimitMs?: number
}

/** Clients for one journey. */
export type OpenClients = (signal: AbortSignal) => {
  readonly clients: JourneyClients
  close(): Promise<void>
}

/** An operation that has begun. */
export type BegunOperation = Pick<Operation, 'id' | 'name' | 'startedAt'> & {
  readonly write: WrittenValue | undefined
}

export interface LoadParts<State> {
  readonly load: LoadOptions<State>
  readonly state: State
  readonly seed: number
  readonly openClients: OpenClients
  readonly onOperation: (operation: Operation) => void
  readonly onBegun: (begun: BegunOperation) => void
  /** Ends everything at once. */
  readonly signal: AbortSignal
}

/** A load that runs: arrivals by a seeded schedule, which wait for nobody. */
export interface RunningLoad {
  /** What has ended so far. */
  history(phases: readonly PhaseSpan[]): History
  /** When the operations under way were due. */
  underWay(): readonly EpochMs[]
  /** Mistakes of journeys, outside of their operations. */
  readonly mistakes: readonly string[]
  /** Begins no more journeys, and settles when those under way have ended. */
  drain(): Promise<void>
}

const defaults = { maxInFlight: 200, maxJourneys: 10_000, operationLimitMs: 5000 }

/** Starts the load now. */
export function startLoad<State>(parts: LoadParts<State>): RunningLoad {
  const load = { ...defaults, ...parts.load }
  const random = createRandom(parts.seed)
  const arriving = createRandom(random.integer(0, 2 ** 31))
  const rate = load.ratePerSecond
  const schedule = load.spacing === 'even' ? evenArrivals(rate) : arrivals(rate, arriving)
  const choose = chooser(load.journeys, createRandom(random.integer(0, 2 ** 31)))
  const operations: Operation[] = []
  const mistakes: string[] = []
  const underWay = new Set<Promise<void>>()
  const open = new Map<number, EpochMs>()
  const beganAt = now()
  let journeys = 0
  let shed = 0
  let ids = 0
  let timer: NodeJS.Timeout | undefined

  const begin = (dueAt: EpochMs) => {
    // The choice is made also for a journey that isn't begun, so that the later ones stay the same.
    const run = choose()
    const id = ++journeys
    const seed = random.integer(0, 2 ** 31)
    if (underWay.size >= load.maxInFlight) return void shed++
    const work = take(run, id, seed, dueAt).finally(() => underWay.delete(work))
    underWay.add(work)
  }
  const take = async (run: Journey<State>, id: number, seed: number, dueAt: EpochMs) => {
    const { clients, close } = parts.openClients(parts.signal)
    let startedAt: EpochMs | undefined = dueAt
    const tools: JourneyTools = {
      ...clients,
      id,
      random: createRandom(seed),
      async operation(name, work, { write } = {}) {
        const begun = { id: ++ids, name, startedAt: startedAt ?? now(), write }
        startedAt = undefined
        open.set(begun.id, begun.startedAt)
        parts.onBegun(begun)
        const { operation, value } = await runOperation(
          { ...begun, limitMs: load.operationLimitMs, signal: parts.signal },
          work,
        )
        open.delete(begun.id)
        operations.push(operation)
        parts.onOperation(operation)
        return value
      },
    }
    try {
      await run(tools, parts.state)
    } catch (error) {
      if (!parts.signal.aborted) mistakes.push(messageOf(error))
    } finally {
      await close()
    }
  }
  const next = (atMs: number) => {
    if (journeys >= load.maxJourneys || parts.signal.aborted) return
    const dueAt = beganAt + atMs
    timer = setTimeout(
      () => {
        begin(dueAt)
        next(schedule.next().value)
      },
      Math.max(dueAt - now(), 0),
    )
  }
  next(schedule.next().value)

  return {
    mistakes,
    underWay: () => [...open.values()],
    history: (phases) => ({ operations: [...operations], phases, shed }),
    async drain() {
      clearTimeout(timer)
      await Promise.all(underWay)
    },
  }
}

/** Draws journeys by their weights. */
function chooser<State>(journeys: LoadOptions<State>['journeys'], random: Random): () => Journey<State> {
  const weighted = Object.values(journeys).map((journey) =>
    typeof journey === 'function' ? { weight: 1, run: journey } : journey,
  )
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  return () => {
    let rest = random.next() * total
    for (const { weight, run } of weighted) {
      rest -= weight
      if (rest < 0) return run
    }
    throw new Error('a load needs a journey with a weight')
  }
}
