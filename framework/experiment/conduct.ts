import { type EpochMs, messageOf, now, sleep } from '#core'
import type { FaultSchedule, Injection } from '#fault'
import type { Experiment } from './define.ts'
import type { ExperimentEvidence } from './evidence.ts'
import { type CheckedExpectation, checked } from './expectation.ts'
import { frameOf } from './frame.ts'
import type { History, Operation, PhaseName } from './history.ts'
import { type RunningLoad, startLoad } from './load.ts'
import { loadProblem, observedMs, reasonToGiveUp } from './observation.ts'
import { PhaseLog } from './phase-log.ts'
import type { ExperimentPorts } from './ports.ts'
import type { ExperimentFrame, Step } from './progress.ts'
import { readBack } from './read-back.ts'
import { recoveryFinding, stretchMsOf, waitForRecovery } from './recovery.ts'
import { concluded, type ExperimentResult, type RollBack } from './result.ts'

/** Why an experiment gave up by itself. */
class GivenUp extends Error {}

const tickMs = 250

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
  readonly #phases = new PhaseLog()
  readonly #recent: Operation[] = []
  readonly #expectations: CheckedExpectation[] = []
  #step: { readonly step: Step; readonly endsAt?: EpochMs } = { step: 'prepare' }
  #load: RunningLoad | undefined
  #state: unknown
  #injectedAt: EpochMs | undefined
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
    const { name, load } = this.#experiment
    const seed = this.#seed
    const faults = this.#ports.faults.map(({ text }) => text)
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
      const injections = await schedule.finish()
      if (this.#injectedAt !== undefined) this.#injections = injections
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
        injections: this.#injections,
        rollBack,
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
    const experiment = this.#experiment
    const ports = this.#ports
    const down = await ports.waitUntilWell(Object.keys(experiment.needs ?? {}), this.#signal)
    if (down.length > 0) return this.#giveNoAnswer(`${down.join(', ')} was not well before it began`)
    await this.#prepare()
    const watched = [...experiment.steadyState, ...experiment.expectations].flatMap(({ link }) => link ?? [])
    await using watch = ports.watchLinks([...new Set(watched)])
    const load = this.#startLoad()
    await this.#hold('baseline', 'baseline', experiment.baselineMs ?? 2000)
    this.#enter('steady state')
    this.#check(experiment.steadyState, 'baseline', this.#evidence({}), 'steady state: ')
    const unsteady = this.#expectations.find(({ outcome }) => outcome !== 'held')
    if (unsteady)
      return this.#giveNoAnswer(`not steady before any fault: ${unsteady.name}, ${unsteady.observed}`)
    this.#enter('inject')
    this.#injectedAt = now()
    await schedule.start()
    await this.#hold('observe', 'fault', observedMs(experiment.load, ports.faults))
    this.#enter('roll back')
    this.#injections = await schedule.finish()
    this.#rolledBackAt = now()
    await this.#recover(load, this.#rolledBackAt)
    await load.drain()
    this.#enter('read back')
    const kept = await readBack(experiment, this.#history(), {
      state: this.#state,
      openClients: ports.openClients,
      signal: this.#signal,
      onFailure: (message) => this.#note('read-back-failed', { message }),
    })
    const samples = watch.samples()
    this.#note('link-samples', samples)
    const evidence = this.#evidence({ links: samples, ...(kept && { kept }) })
    this.#check(experiment.expectations, 'fault', evidence)
    this.#unsound = loadProblem(load.mistakes, evidence.history)
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

  #startLoad(): RunningLoad {
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
    return this.#load
  }

  async #hold(step: Step, phase: PhaseName, forMs: number): Promise<void> {
    const from = this.#phases.begin(phase)
    this.#enter(step, from + forMs)
    await sleep(forMs, this.#signal)
  }

  async #recover(load: RunningLoad, rolledBackAt: EpochMs): Promise<void> {
    const { recovery } = this.#experiment
    this.#phases.begin('recovery')
    const limitMs =
      recovery.withinMs + stretchMsOf(recovery) + (this.#experiment.load.operationLimitMs ?? 5000)
    this.#enter('recovery', rolledBackAt + limitMs)
    this.#recoveryMs = await waitForRecovery(load, { rolledBackAt, recovery, limitMs, signal: this.#signal })
    this.#add(recoveryFinding(this.#recoveryMs, recovery))
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

  #history(): History {
    return this.#load?.history(this.#phases.spans) ?? { operations: [], phases: this.#phases.spans, shed: 0 }
  }

  #evidence(found: Partial<Pick<ExperimentEvidence, 'kept' | 'links'>>): ExperimentEvidence {
    return {
      links: {},
      ...found,
      history: this.#history(),
      health: this.#ports.health().targets,
      injections: this.#injections,
      ...(this.#injectedAt !== undefined && { injectedAt: this.#injectedAt }),
      ...(this.#rolledBackAt !== undefined && { rolledBackAt: this.#rolledBackAt }),
    }
  }

  #tick(): void {
    // Before anything is disturbed there is nothing to give up, and after the roll-back nothing more to save.
    if (this.#step.step === 'observe') this.#giveUpWhenTooMuch()
    this.#ports.onProgress({ kind: 'tick', frame: this.#frame() })
  }

  #giveUpWhenTooMuch(): void {
    const view = { at: now(), operations: this.#recent, health: this.#ports.health() }
    const why = reasonToGiveUp(this.#experiment, this.#ports.faults, view)
    if (why !== undefined) this.#stopping.abort(new GivenUp(why))
  }

  #enter(step: Step, endsAt?: EpochMs): void {
    this.#step = { step, ...(endsAt !== undefined && { endsAt }) }
    this.#note('experiment-step', { name: this.#experiment.name, step })
    this.#ports.onProgress({ kind: 'step', frame: this.#frame() })
  }

  #frame(): ExperimentFrame {
    return frameOf(this.#recent, {
      name: this.#experiment.name,
      ...this.#step,
      at: now(),
      faults: this.#ports.faults.map(({ text }) => text),
      underWay: this.#load?.underWay().length ?? 0,
    })
  }

  #note(kind: string, data: unknown): void {
    this.#ports.journal.append({ source: 'experiment', kind, data })
  }
}
