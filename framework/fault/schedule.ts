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
  /** Lets the windows count from `at`: the first test body. The first call counts. */
  start(at?: EpochMs): void
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
  let startedAt: EpochMs | undefined
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
      if (startedAt !== undefined || report) return
      startedAt = at
      for (const fault of faults) fault.arm(at)
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

  arm(startedAt: EpochMs): void {
    const { window } = this.spec
    if (window.kind === 'before') return
    this.#at(startedAt + window.fromMs, () => this.on())
    if (window.toMs !== null) this.#at(startedAt + window.toMs, () => this.off())
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
