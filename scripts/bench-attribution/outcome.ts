import { performance } from 'node:perf_hooks'
import type { Tier } from '#evidence'
import type { JournalRecord } from '#journal'
import { judgeRecords } from '#session'

/** What a run is called when it is judged: a class, or `none` where nothing failed. */
export type Called = 'application' | 'infrastructure' | 'test' | 'inconclusive' | 'none'

/** One verdict on an incident. */
export interface CalledIncident {
  readonly class: Exclude<Called, 'none'>
  readonly scope: 'environment' | 'runner' | null
  readonly subject: string
  readonly reason: string
  readonly confidence: number
}

/** A stored run as judged at one tier. */
export interface Outcome {
  readonly exitCode: number
  readonly called: Called
  readonly incidents: readonly CalledIncident[]
  /** What judging took, in ms. */
  readonly judgeMs: number
}

export const tiers: readonly Tier[] = ['T0', 'T1', 'T2', 'T3']

/** Record kinds about what was injected. They are taken out before judging: a staging has nobody who writes them. */
const injected = ['fault-plan', 'fault-on', 'fault-off', 'fault-bit']

/** Whether anything failed, was blocked or never became ready: facts of the journal, not of any verdict. */
export function somethingFailed(records: readonly JournalRecord[]): boolean {
  return records.some(
    ({ kind, data }) =>
      kind === 'blocked' ||
      (kind === 'attempt' && (data as { outcome: string }).outcome === 'failed') ||
      (kind === 'pre-flight' && !(data as { ready: boolean }).ready),
  )
}

/** Judges a run's records as if they had come from somewhere with the keys of `tier`, and without what was injected. */
export function outcomeAt(records: readonly JournalRecord[], tier: Tier): Outcome {
  const blind = records.filter(({ kind }) => !injected.includes(kind))
  const begun = performance.now()
  const { report } = judgeRecords(blind, tier)
  const judgeMs = performance.now() - begun
  return {
    exitCode: report.exitCode,
    called: calledOf(report),
    incidents: report.incidents.map(({ verdict }) => ({
      class: verdict.class,
      scope: verdict.scope,
      subject: verdict.subject,
      reason: verdict.reason,
      confidence: verdict.confidence,
    })),
    judgeMs,
  }
}

function calledOf({ exitCode, reasons, incidents }: ReturnType<typeof judgeRecords>['report']): Called {
  const said = (code: string) => reasons.some((reason) => reason.code === code)
  if (exitCode === 1) return said('application') ? 'application' : said('test') ? 'test' : 'inconclusive'
  if (exitCode === 75) return 'infrastructure'
  if (exitCode === 0)
    return incidents.some(({ verdict }) => verdict.class === 'infrastructure') ? 'infrastructure' : 'none'
  return 'inconclusive'
}
