import { type EpochMs, messageOf, now, sleep } from '#core'
import type { FaultSchedule, FaultSpec, Injection } from '#fault'
import type { Snapshot } from '#health'
import type { JournalSink } from '#journal'
import type { LinkName } from '#topology'
import { outsideBlastRadius } from './abort.ts'
import type { Experiment } from './define.ts'
import type { ExperimentEvidence, LinkSample } from './evidence.ts'
import { type CheckedExpectation, checked, milliseconds } from './expectation.ts'
import {
  isUseful,
  latencyOf,
  type Operation,
  type PhaseName,
  type PhaseSpan,
  type ReadValues,
} from './history.ts'
import { latenciesOf } from './latencies.ts'
import { type OpenClients, type RunningLoad, startLoad } from './load.ts'
import type { ExperimentFrame, ExperimentProgress, Step } from './progress.ts'
import { recoveryMsOf } from './recovery.ts'
import { concluded, type ExperimentResult, type RollBack } from './result.ts'

/** What an experiment acts on and looks at. */
export interface ExperimentPorts {
  readonly openClients: OpenClients
  readonly faults: readonly FaultSpec[]
  /** A schedule of the faults, nothing of which is on yet. Throws FL4002 where faults aren't allowed. */
  createSchedule(): FaultSchedule
  /** Follows the application's side of these links until it is disposed. */
  watchLinks(links: readonly LinkName[]): AsyncDisposable & {
    samples(): Readonly<Record<LinkName, readonly LinkSample[]>>
  }
  health(): Snapshot
  /** Waits for services to be well, and gives those that aren't when the wait ends. */
  waitUntilWell(services: readonly string[], signal: AbortSignal): Promise<readonly string[]>
  proveRolledBack(): Promise<RollBack>
  readonly journal: JournalSink
  readonly onProgress: (progress: ExperimentProgress) => void
  readonly signal: AbortSignal
}

/** Why an experiment gave up by itself. */
class GivenUp extends Error {}

const tickMs = 250
const readBackTries = 4
const readBackLimitMs = 5000
/** More arrivals than this share that could not be sent, and the load wasn't the one that was declared. */
const mostShed = 0.01

/**
 * One experiment from its baseline to its report. Whatever happens, faults are taken off before it settles. Rejects only
 * with what kept it from beginning, such as FL4002.
 */
export async function conductExperiment(
  experiment: Experiment,
  seed: number,
  ports: ExperimentPorts,
): Promise<ExperimentResult> {
  return new ExperimentRun(experiment, seed, ports).conduct()
}

class ExperimentRun {
  readonly #experiment: Experiment
  readonly #seed: number
  readonly #ports: ExperimentPorts
  readonly #stopping = new AbortController()
  readonly #signal: AbortSignal
  readonly #phases: PhaseSpan[] = []
  readonly #recent: Operation[] = []
  readonly #expectations: CheckedExpectation[] = []
  #step: { readonly step: Step; readonly endsAt?: EpochMs } = { step: 'prepare' }
  #load: RunningLoad | undefined
  #state: unknown
  #injections: readonly Injection[] = []
  #rolledBackAt: EpochMs | undefined
  #recoveryMs: number | null = null
  #unsound: string | undefined

  constructor(experiment: Experiment, seed: number, ports: ExperimentPorts) {
    this.#experiment = experiment
    this.#seed = seed
    this.#ports = ports
    this.#signal = AbortSignal.any([ports.signal, this.#stopping.signal])
  }

  async conduct(): Promise<ExperimentResult> {
    const { name, faults, load } = this.#experiment
    const seed = this.#seed
    this.#note('experiment-started', { name, seed, faults, ratePerSecond: load.ratePerSecond })
    const schedule = this.#ports.createSchedule()
    const ticker = setInterval(() => this.#tick(), tickMs)
    let aborted: string | undefined
    let rollBack: RollBack
    try {
      await this.#observeAll(schedule)
    } catch (error) {
      if (!this.#signal.aborted) this.#unsound = messageOf(error)
      else aborted = messageOf(this.#signal.reason)
    } finally {
      clearInterval(ticker)
      this.#injections = await schedule.finish()
      rollBack = await this.#ports.proveRolledBack()
      this.#note('rolled-back', rollBack)
      this.#stopping.abort(new GivenUp('the experiment is over'))
      await this.#load?.drain()
    }
    this.#enter('report')
    const result: ExperimentResult = {
      name,
      ...concluded({
        expectations: this.#expectations,
        injections: this.#unsound === undefined ? this.#injections : [],
        ...(aborted !== undefined && { aborted }),
        ...(this.#unsound !== undefined && { unsound: this.#unsound }),
      }),
      seed,
      expectations: this.#expectations,
      recoveryMs: this.#recoveryMs,
      injections: this.#injections,
      rollBack,
    }
    this.#note('experiment-ended', result)
    return result
  }

  /** All phases in their order; throws as soon as the signal aborts. */
  async #observeAll(schedule: FaultSchedule): Promise<void> {
    const { experiment, ports } = { experiment: this.#experiment, ports: this.#ports }
    const down = await ports.waitUntilWell(Object.keys(experiment.needs ?? {}), this.#signal)
    if (down.length > 0) return this.#giveNoAnswer(`${down.join(', ')} was not well before it began`)
    await schedule.applyBefore()
    await this.#prepare()
    const watched = [...experiment.steadyState, ...experiment.expectations].flatMap(({ link }) => link ?? [])
    await using watch = ports.watchLinks([...new Set(watched)])
    this.#startLoad()
    await this.#hold('baseline', 'baseline', experiment.baselineMs ?? 2000)
    this.#enter('steady state')
    this.#check(experiment.steadyState, 'baseline', this.#evidence({}), 'steady state: ')
    const unsteady = this.#expectations.find(({ outcome }) => outcome !== 'held')
    if (unsteady)
      return this.#giveNoAnswer(`not steady before any fault: ${unsteady.name}, ${unsteady.observed}`)
    this.#enter('inject')
    schedule.start()
    await this.#hold('observe', 'fault', this.#observeMs())
    this.#enter('roll back')
    this.#injections = await schedule.finish()
    this.#rolledBackAt = now()
    await this.#recover(this.#rolledBackAt)
    await this.#load?.drain()
    this.#enter('read back')
    const kept = await this.#readBack()
    const samples = watch.samples()
    this.#note('link-samples', samples)
    const evidence = this.#evidence({ links: samples, ...(kept && { kept }) })
    this.#check(experiment.expectations, 'fault', evidence)
    this.#judgeLoad(evidence)
  }

  #giveNoAnswer(why: string): void {
    this.#unsound = why
  }

  async #prepare(): Promise<void> {
    this.#enter('prepare')
    const { clients, close } = this.#ports.openClients(this.#signal)
    try {
      this.#state = await this.#experiment.prepare?.(clients, this.#signal)
    } finally {
      await close()
    }
  }

  #startLoad(): void {
    const { load } = this.#experiment
    this.#load = startLoad({
      load,
      state: this.#state,
      seed: this.#seed,
      openClients: this.#ports.openClients,
      signal: this.#signal,
      onBegun: (begun) => this.#note('operation-begun', begun),
      onOperation: (operation) => {
        this.#recent.push(operation)
        this.#note('operation-ended', operation)
      },
    })
  }

  /** Faults that all end by themselves are not observed beyond their end: what comes later is recovery. */
  #observeMs(): number {
    const ends = this.#ports.faults.map(({ window }) => (window.kind === 'span' ? window.toMs : null))
    const { durationMs } = this.#experiment.load
    return ends.length === 0 || ends.includes(null)
      ? durationMs
      : Math.min(durationMs, Math.max(...ends.filter((end) => end !== null)))
  }

  async #hold(step: Step, phase: PhaseName, forMs: number): Promise<void> {
    const from = this.#beginPhase(phase)
    this.#enter(step, from + forMs)
    await sleep(forMs, this.#signal)
  }

  #beginPhase(name: PhaseName): EpochMs {
    const at = now()
    const last = this.#phases.pop()
    if (last) this.#phases.push({ ...last, to: at })
    this.#phases.push({ name, from: at, to: Number.POSITIVE_INFINITY })
    return at
  }

  async #recover(rolledBackAt: EpochMs): Promise<void> {
    const { recovery, load } = this.#experiment
    this.#beginPhase('recovery')
    const patienceMs = recovery.withinMs + (recovery.stableForMs ?? 1000) + (load.operationLimitMs ?? 5000)
    this.#enter('recovery', rolledBackAt + patienceMs)
    for (;;) {
      const seen = this.#recoveredAfter(rolledBackAt)
      if (seen !== undefined) this.#recoveryMs = Math.round(seen)
      if (seen !== undefined || now() > rolledBackAt + patienceMs) break
      await sleep(50, this.#signal)
    }
    const held = this.#recoveryMs !== null && this.#recoveryMs <= recovery.withinMs
    this.#add({
      name: 'recovers',
      declared: `within ${milliseconds(recovery.withinMs)}`,
      outcome: held ? 'held' : 'broken',
      observed:
        this.#recoveryMs === null
          ? `not within ${milliseconds(patienceMs)}`
          : `after ${milliseconds(this.#recoveryMs)}`,
    })
  }

  #recoveredAfter(rolledBackAt: EpochMs): number | undefined {
    const load = this.#load
    if (!load) return undefined
    const open = load.underWay().filter((startedAt) => startedAt >= rolledBackAt)
    const until = Math.min(now(), ...open)
    return recoveryMsOf(load.history(this.#phases), rolledBackAt, until, this.#experiment.recovery)
  }

  /** What is kept under each key that was written; nothing where it can't be read. */
  async #readBack(): Promise<readonly ReadValues[] | undefined> {
    const { readBack } = this.#experiment
    if (!readBack) return undefined
    const keys = [...new Set(this.#history().operations.flatMap(({ write }) => write?.key ?? []))]
    for (let left = readBackTries; ; left--) {
      const { clients, close } = this.#ports.openClients(this.#signal)
      try {
        const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(readBackLimitMs)])
        return await readBack(clients, this.#state, keys, limit)
      } catch (error) {
        this.#signal.throwIfAborted()
        this.#note('read-back-failed', { message: messageOf(error) })
        if (left <= 1) return undefined
        await sleep(500, this.#signal)
      } finally {
        await close()
      }
    }
  }

  #judgeLoad({ history }: ExperimentEvidence): void {
    const [mistake] = this.#load?.mistakes ?? []
    if (mistake !== undefined) this.#giveNoAnswer(`a journey failed outside of its operations: ${mistake}`)
    else if (history.shed > mostShed * (history.shed + history.operations.length))
      this.#giveNoAnswer(`${history.shed} arrivals were not sent, as too many were under way`)
  }

  #check(
    expectations: Experiment['expectations'],
    phase: PhaseName,
    evidence: ExperimentEvidence,
    prefix = '',
  ): void {
    for (const expectation of expectations) {
      const result = checked(expectation, evidence, phase)
      this.#add({ ...result, name: `${prefix}${result.name}` })
    }
  }

  #add(expectation: CheckedExpectation): void {
    this.#expectations.push(expectation)
    this.#note('expectation', expectation)
  }

  #history() {
    return this.#load?.history(this.#phases) ?? { operations: [], phases: this.#phases, shed: 0 }
  }

  #evidence(found: Partial<Pick<ExperimentEvidence, 'kept' | 'links'>>): ExperimentEvidence {
    return {
      links: {},
      ...found,
      history: this.#history(),
      health: this.#ports.health().targets,
      injections: this.#injections,
      ...(this.#rolledBackAt !== undefined && { rolledBackAt: this.#rolledBackAt }),
    }
  }

  #tick(): void {
    const { abortWhen = [], blastRadius } = this.#experiment
    const conditions = blastRadius ? [...abortWhen, outsideBlastRadius(blastRadius)] : abortWhen
    const view = { at: now(), operations: this.#recent, health: this.#ports.health() }
    // Before anything is disturbed there is nothing to give up, and after roll-back nothing more to save.
    const met =
      this.#step.step === 'observe' ? conditions.find((condition) => condition.holds(view)) : undefined
    if (met) this.#stopping.abort(new GivenUp(met.name))
    this.#ports.onProgress({ kind: 'tick', frame: this.#frame() })
  }

  #enter(step: Step, endsAt?: EpochMs): void {
    this.#step = { step, ...(endsAt !== undefined && { endsAt }) }
    this.#note('experiment-step', { name: this.#experiment.name, step })
    this.#ports.onProgress({ kind: 'step', frame: this.#frame() })
  }

  #frame(): ExperimentFrame {
    const at = now()
    const count = (counts: (operation: Operation) => boolean) => this.#recent.filter(counts).length
    const latencies = latenciesOf(this.#recent.filter(({ endedAt }) => endedAt > at - 5000).map(latencyOf))
    return {
      name: this.#experiment.name,
      ...this.#step,
      at,
      faults: this.#ports.faults.map(({ text }) => text),
      underWay: this.#load?.underWay().length ?? 0,
      perSecond: count(({ endedAt }) => endedAt > at - 1000),
      counts: {
        ok: count((operation) => isUseful(operation) && operation.degraded === undefined),
        degraded: count((operation) => isUseful(operation) && operation.degraded !== undefined),
        failed: count(({ outcome }) => outcome === 'failed'),
        unknown: count(({ outcome }) => outcome === 'unknown'),
      },
      p50Ms: latencies.percentile(50),
      p99Ms: latencies.percentile(99),
    }
  }

  #note(kind: string, data: unknown): void {
    this.#ports.journal.append({ source: 'experiment', kind, data })
  }
}
