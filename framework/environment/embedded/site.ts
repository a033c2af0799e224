import { join } from 'node:path'
import type { EntryCommand, EpochMs, Secret } from '#core'
import { now } from '#core'
import type { JournalRecord, JournalSink } from '#journal'
import type { LinkName } from '#topology'
import type { Variables } from '../basics.ts'
import type { EmbeddedDefinition } from '../define.ts'
import type { ServingLease } from '../keeper/lease.ts'
import type { LookTimes } from '../look-times.ts'

export interface EmbeddedOptions {
  /** The folder of the configuration file: programs are named relative to it. */
  readonly root: string
  /** The run's own folder; logs are kept in `logs/` there. */
  readonly stateDir: string
  /** Where what is made once per user and version is kept; chosen when absent. */
  readonly cacheDir?: string
  readonly entries: {
    readonly keeper: EntryCommand
    readonly proxy: EntryCommand
    readonly agent: EntryCommand
  }
  /** The environment of Faultline itself; services get what their definition names, and a few basics. */
  readonly inheritEnv: Variables
  readonly journal: JournalSink
  /** Aborts the bring-up, and nothing is left of it then; an environment that is up isn't touched by it. */
  readonly signal: AbortSignal
  /** What services stamp on their answers. */
  readonly buildId?: string
  readonly lookTimes?: LookTimes
  /** Links whose far end is given by a name, so that faults can act on looking it up; by their addresses unless given. */
  readonly namedLinks?: ReadonlySet<LinkName>
}

/** What every part of a bring-up needs. */
export interface Site {
  readonly definition: EmbeddedDefinition
  readonly options: EmbeddedOptions
  /** The run's private folder for what must not outlive it. */
  readonly folder: string
  readonly cache: string
  readonly lease: ServingLease
  readonly password: Secret
  /** What every child of the run has in its environment. */
  readonly baseEnvironment: Readonly<Record<string, string>>
  /** Aborts when the caller gives up or another part failed. */
  readonly signal: AbortSignal
}

export function logFile(options: Pick<EmbeddedOptions, 'stateDir'>, role: string): string {
  return join(options.stateDir, 'logs', `${role}.log`)
}

/** One timed part of the bring-up. */
export interface BringUpStep {
  readonly step: string
  readonly from: EpochMs
  readonly to: EpochMs
}

export type BringUpRecord = JournalRecord<'bring-up', BringUpStep>

/** Does a part of the bring-up and writes down when. */
export async function timed<T>(journal: JournalSink, step: string, work: () => Promise<T>): Promise<T> {
  const from = now()
  try {
    return await work()
  } finally {
    journal.append({
      source: 'session',
      kind: 'bring-up',
      data: { step, from, to: now() } satisfies BringUpStep,
    })
  }
}
