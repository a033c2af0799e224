import { createRandom, type EpochMs, now, orAbort, type Random, type Redactor } from '#core'
import type { Capture, Exchange, SignalPhase } from '#evidence'
import type { Snapshot } from '#health'
import {
  type Attempt,
  type BeginReply,
  type CoordinatorClient,
  impactOf,
  type PatienceOptions,
  type PatientRecord,
  patiently,
  TimeLimitMet,
  unguided,
} from '#run'
import type { StrategyChoice } from '#strategy'
import type { Needs } from '#topology'
import { bounded } from './bounds.ts'
import { attemptError, isAssertion, type ThrownError } from './errors.ts'
import type { DefinedMeta } from './meta.ts'
import type { ProvidedToWorkers } from './provided.ts'
import { isTransient, signalsOf } from './signals.ts'

/** What one attempt is made from. */
export interface ScopeOptions {
  readonly testId: string
  readonly testFile: string
  readonly n: number
  readonly worker: string
  readonly needs: Needs
  readonly settings: ProvidedToWorkers
  /** Knows the secrets of `settings`. */
  readonly redactor: Redactor
  /** Absent when nobody guides the run. */
  readonly coordinator: CoordinatorClient | undefined
  /** Absent when nobody reads the attempt. */
  readonly capture: Capture | undefined
}

/** What a test opened may take that long to close, also where the other side is silent. */
const closeLimitMs = 3000

/** Everything that belongs to one attempt of one test: its strategy, what it met, and what must be closed after it. */
export class AttemptScope {
  readonly testId: string
  readonly needs: Needs
  readonly settings: ProvidedToWorkers
  /** In which part of the test we are: what fails now failed there. */
  phase: SignalPhase = 'set-up'
  /** A picture of what the test had before it when it failed: a file, as seen from the run's folder. */
  screenshot: string | undefined
  readonly #options: ScopeOptions
  #cleanup: AsyncDisposableStack | undefined
  #random: Random | undefined
  readonly #thrown: ThrownError[] = []
  readonly #patient: PatientRecord[] = []
  readonly #exchanges: Exchange[] = []
  #startedAt = now()
  #endedAt: EpochMs | undefined
  #choice: StrategyChoice
  #snapshot: Snapshot
  #ownTimeoutMs: number | undefined
  #failureRound: Promise<void> | undefined

  constructor(options: ScopeOptions) {
    this.#options = options
    this.testId = options.testId
    this.needs = options.needs
    this.settings = options.settings
    const { choice, snapshot } = unguided()
    this.#choice = choice
    this.#snapshot = snapshot
  }

  /** By which the capture knows the attempt. */
  get key(): string {
    return `${this.testId}#${this.n}`
  }

  /** Closed after the test, last opened first, before the attempt is reported. */
  get cleanup(): AsyncDisposableStack {
    this.#cleanup ??= new AsyncDisposableStack()
    return this.#cleanup
  }

  /** Which attempt it is, 1 for the first. */
  get n(): number {
    return this.#options.n
  }

  /** How this attempt proceeds. */
  get choice(): StrategyChoice {
    return this.#choice
  }

  /** Asks the run's owner how to proceed; the attempt begins when the answer is to run. */
  async begin(defined: DefinedMeta, signal: AbortSignal): Promise<BeginReply> {
    const { coordinator, testId, n, worker, needs } = this.#options
    const { variant, insteadOfBy } = defined
    const request = {
      testId,
      needs,
      worker,
      n,
      ...(variant && { variant }),
      ...(insteadOfBy && { insteadOfBy }),
    }
    const reply = (await coordinator?.begin(request, signal)) ?? unguided()
    if (reply.kind === 'run') {
      this.#startedAt = now()
      this.#choice = reply.choice
      this.#snapshot = reply.snapshot
    }
    return reply
  }

  /** Closes what the attempt opened. What fails in closing fails silently: it says nothing about the test. */
  async close(): Promise<void> {
    if (!this.#cleanup) return
    await orAbort(this.#cleanup.disposeAsync(), AbortSignal.timeout(closeLimitMs)).catch(() => undefined)
  }

  /** The health of everything now. */
  async health(signal: AbortSignal): Promise<Snapshot> {
    return (await this.#options.coordinator?.health(signal)) ?? { at: now(), targets: [] }
  }

  /** What needs nothing has no health to compare, and asks nobody. */
  async #healthAtEnd(): Promise<Snapshot> {
    return Object.keys(this.needs).length === 0 ? this.#snapshot : this.health(AbortSignal.timeout(5000))
  }

  /** Retries what may pass by itself; see {@link patiently}. */
  patiently<T>(
    operation: string,
    work: (signal: AbortSignal) => Promise<T>,
    options: PatienceOptions,
    signal: AbortSignal,
  ): Promise<T> {
    const { retries, retryDelayMs } = this.settings.policy
    this.#random ??= createRandom(this.settings.seed + this.n)
    return patiently(
      operation,
      work,
      { retries, retryDelayMs, ...options },
      {
        factor: this.#choice.timeoutFactor,
        signal,
        random: this.#random,
        isTransient,
        record: (patient) => this.#patient.push(patient),
      },
    )
  }

  /** A time limit that the test itself set has ended something. */
  ownTimeout(limitMs: number): void {
    this.#ownTimeoutMs = limitMs
  }

  /** The body is over; what follows is tear-down, and not part of the attempt's time. */
  bodyEnded(): void {
    this.#endedAt ??= now()
    this.phase = 'tear-down'
  }

  /** Whether an error has been noted. */
  get failed(): boolean {
    return this.#thrown.length > 0
  }

  /** Notes an error once; the first one asks for the failure round, and every one waits for it. */
  async failing(error: unknown, phase: SignalPhase = this.phase): Promise<void> {
    if (this.#thrown.some((thrown) => thrown.error === error)) return
    const at = now()
    this.#endedAt ??= at
    this.#thrown.push({ error, phase: isAssertion(error) && phase === 'act' ? 'assert' : phase, at })
    if (error instanceof TimeLimitMet && error.setByTest) this.#ownTimeoutMs ??= error.limitMs
    this.#gather()
    this.#failureRound ??= this.#askForFailureRound(at)
    await this.#failureRound
  }

  /** Adds an exchange that only the test's own client could see. */
  noteExchange(exchange: Exchange): void {
    this.#exchanges.push(exchange)
  }

  /** Takes over what the capture has seen so far; what is under way at a failure counts as aborted by it. */
  #gather(): void {
    this.#exchanges.push(...(this.#options.capture?.take(this.key) ?? []))
  }

  async #askForFailureRound(at: number): Promise<void> {
    const { coordinator, testId } = this.#options
    const used = this.#exchanges.flatMap(({ target }) => (target === undefined ? [] : [target]))
    const services = [...new Set([...Object.keys(this.needs), ...used])]
    await coordinator?.failed({ testId, at, services }, AbortSignal.timeout(30_000))
  }

  /**
   * The attempt as it goes into the journal, bounded and without secrets. `earlier` are this test's attempts before
   * it in this run.
   */
  async finish(
    earlier: readonly Attempt[],
    { failureExpected = false }: { failureExpected?: boolean } = {},
  ): Promise<Attempt> {
    const { n, worker, testFile, redactor } = this.#options
    this.#gather()
    const durationMs = (this.#endedAt ?? now()) - this.#startedAt
    const outcome = this.failed === failureExpected ? 'passed' : 'failed'
    const passes = [...earlier, { outcome }].filter((attempt) => attempt.outcome === 'passed').length
    const impact = impactOf({
      needs: this.needs,
      start: this.#snapshot,
      end: await this.#healthAtEnd(),
      durationMs,
      successShare: passes / (earlier.length + 1),
      baseline: this.settings.baselines[this.testId],
    })
    // Most attempts pass and say nothing: only what comes from outside is gone through for secrets.
    return bounded({
      testId: redactor.text(this.testId),
      n,
      outcome,
      startedAt: this.#startedAt,
      durationMs,
      strategy: this.#choice.strategy,
      timeoutFactor: this.#choice.timeoutFactor,
      worker,
      errors: redactor.value(this.#thrown.map((thrown) => attemptError(thrown, testFile))),
      signals: redactor.value(signalsOf(this.#thrown, (text) => redactor.text(text))),
      exchanges: redactor.value(this.#exchanges.toSorted((a, b) => a.from - b.from)),
      patient: redactor.value(this.#patient),
      ...(this.#ownTimeoutMs !== undefined && { ownTimeoutMs: this.#ownTimeoutMs }),
      ...(this.screenshot !== undefined && { screenshot: this.screenshot }),
      impact,
    })
  }
}
