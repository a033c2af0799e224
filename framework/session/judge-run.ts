import { type Checks, decide } from '#decision'
import { projectEvidence, type RunEvidence, type Tier } from '#evidence'
import type { FaultBitRecord, Injection } from '#fault'
import { overviewOf } from '#health'
import { findRun, type JournalRecord, type RunFolder, readJournal } from '#journal'
import { buildReport, type RunReport } from '#report'
import { type Judgement, judge } from '#verdict'

/** A stored run, judged anew. */
export interface JudgedRun {
  readonly run: RunFolder
  readonly records: readonly JournalRecord[]
  readonly evidence: RunEvidence
  readonly judgement: Judgement
  readonly report: RunReport
  /** The journal's last line was broken off. */
  readonly torn: boolean
}

/** Judges a stored run from its journal alone. Throws FL6001 and FL6002. */
export async function judgeRun(root: string, which: string | undefined, tier?: Tier): Promise<JudgedRun> {
  const run = await findRun(root, which)
  const { records, torn } = await readJournal(run.journal)
  return { run, records, torn, ...judgeRecords(records, tier) }
}

/** Evidence, judgement, decision and report of a run's records. Pure. */
export function judgeRecords(
  records: readonly JournalRecord[],
  tier?: Tier,
): Omit<JudgedRun, 'run' | 'records' | 'torn'> {
  const evidence = projectEvidence(records, tier ? { tier } : {})
  const judgement = judge(evidence)
  const injections = injectionsOf(records)
  const decided = decide({
    ...judgement,
    checks: checksOf(evidence, injections, records),
    policy: evidence.run.policy,
  })
  const span = {
    from: evidence.run.at,
    to: records.reduce((latest, { at }) => Math.max(latest, at), evidence.run.at),
  }
  return {
    evidence,
    judgement,
    report: buildReport({
      evidence,
      judgement,
      decided,
      injections,
      span,
      health: overviewOf(evidence.health),
    }),
  }
}

function injectionsOf(records: readonly JournalRecord[]): Injection[] {
  return records
    .filter((record): record is FaultBitRecord => record.kind === 'fault-bit')
    .map(({ data }) => data)
}

function checksOf(
  evidence: RunEvidence,
  injections: readonly Injection[],
  records: readonly JournalRecord[],
): Checks {
  const { release } = evidence.run
  return {
    release:
      release === undefined ? null : { expected: release, seen: evidence.releases.map(({ build }) => build) },
    injections,
    broken: records
      .filter((record) => record.kind === 'broken')
      .map(({ data }) => data as { code: string; message: string }),
  }
}
