import { type EpochMs, messageOf, now } from '#core'
import type { JournalSink } from '#journal'
import { type Injector, refOf } from './injector.ts'
import type { Bit, FaultHandle } from './ports.ts'
import type { Injection } from './records.ts'
import type { FaultSpec } from './spec.ts'

/** The faults of one run, each on in its window. Disposing is finishing. */
export interface FaultSchedule extends AsyncDisposable {
  /** Puts on what is to be on `before`; call it after bring-up. Settles when all are on, or have a problem. */
  applyBefore(): Promise<void>
  /**
   * Lets the windows count from `at`: the first test body. The first call counts. Settles when the links that are to be hurt
   * from the start are, or have a problem: a quick test would overtake them.
   */
  start(at?: EpochMs): Promise<void>
  /** Takes everything off and says what came of each; a window that hasn't opened yet never will. */
  finish(): Promise<readonly Injection[]>
}

/** A schedule of `specs`; a fault that can't be put on is reported as one that didn't bite, with the problem. */
export function createSchedule(
  specs: readonly FaultSpec[],
  injector: Injector,
  journal: JournalSink,
): FaultSchedule {
  const faults = specs.map((spec) => new ScheduledFault(spec, injector))
  let started: Promise<void> | undefined
  let report: Promise<readonly Injection[]> | undefined
  const finish = () => {
    report ??= Promise.all(
      faults.map(async (fault) => {
        const injection = await fault.finish()
        journal.append({ source: 'fault', kind: 'fault-bit', data: injection })
        return injection
      }),
    )
    return report
  }
  return {
    async applyBefore() {
      await Promise.all(
        faults.filter((fault) => fault.spec.window.kind === 'before').map((fault) => fault.on()),
      )
    },
    start(at = now()) {
      if (report) return Promise.resolve()
      started ??= Promise.all(faults.map((fault) => fault.arm(at))).then(() => {})
      return started
    },
    finish,
    async [Symbol.asyncDispose]() {
      await finish()
    },
  }
}

/** One fault on its way: armed, on, off. */
class ScheduledFault {
  readonly spec: FaultSpec
  readonly #injector: Injector
  #timers: NodeJS.Timeout[] = []
  #handle: Promise<FaultHandle | undefined> | undefined
  #off: Promise<void> | undefined
  #bit: Bit = false
  #problem: string | undefined

  constructor(spec: FaultSpec, injector: Injector) {
    this.spec = spec
    this.#injector = injector
  }

  /** What happens to a process is seen from its beginning, and may take long: nobody waits for it. */
  async arm(startedAt: EpochMs): Promise<void> {
    const { target, window } = this.spec
    if (window.kind === 'before') return
    if (window.toMs !== null) this.#at(startedAt + window.toMs, () => this.off())
    if (window.fromMs > 0 || target.kind !== 'link') this.#at(startedAt + window.fromMs, () => this.on())
    else await this.on()
  }

  async on(): Promise<void> {
    if (this.#off) return
    this.#handle ??= this.#injector.inject(this.spec).catch((error: unknown) => this.#failed(error))
    await this.#handle
  }

  off(): Promise<void> {
    this.#off ??= this.#takeOff()
    return this.#off
  }

  async finish(): Promise<Injection> {
    for (const timer of this.#timers) clearTimeout(timer)
    await this.off()
    return {
      ...refOf(this.spec),
      bit: this.#bit,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    }
  }

  /** What bit shows best while the fault is on; taking it off may still end a connection that it held. */
  async #takeOff(): Promise<void> {
    const handle = await this.#handle
    if (!handle) return
    try {
      const bitten = await handle.bit()
      await handle.release()
      this.#bit = bitten || (await handle.bit())
    } catch (error) {
      await handle.release().catch(() => {})
      this.#failed(error)
    }
  }

  #at(moment: EpochMs, act: () => Promise<void>): void {
    this.#timers.push(setTimeout(() => void act(), Math.max(moment - now(), 0)))
  }

  #failed(error: unknown): undefined {
    this.#problem = messageOf(error)
  }
}
