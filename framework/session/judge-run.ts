import { type Checks, decide, fingerprintOf, type KnownIssues, overridesOf } from '#decision'
import { projectEvidence, type RunEvidence, type Tier } from '#evidence'
import type { FaultBitRecord, Injection } from '#fault'
import { overviewOf } from '#health'
import { findRun, type JournalRecord, type RunFolder, readJournal } from '#journal'
import { buildReport, type RunReport, type SeenBefore } from '#report'
import { type Judgement, judge } from '#verdict'

/** A stored run, as its journal has it. */
export interface StoredRun {
  readonly run: RunFolder
  readonly records: readonly JournalRecord[]
  /** The journal's last line was broken off. */
  readonly torn: boolean
}

/** A stored run, judged anew. */
export interface JudgedRun extends StoredRun {
  readonly evidence: RunEvidence
  readonly judgement: Judgement
  readonly report: RunReport
}

/** Reads a run, of a gate or of experiments. Throws FL6001 and FL6002. */
export async function readRun(root: string, which: string | undefined): Promise<StoredRun> {
  const run = await findRun(root, which)
  const { records, torn } = await readJournal(run.journal)
  return { run, records, torn }
}

/** Judges a stored run from its journal alone. Throws FL6001 and FL6002. */
export async function judgeRun(root: string, which: string | undefined, tier?: Tier): Promise<JudgedRun> {
  return judgeStored(await readRun(root, which), tier)
}

/** Judges a run that has been read. Pure. */
export function judgeStored(stored: StoredRun, tier?: Tier): JudgedRun {
  return { ...stored, ...judgeRecords(stored.records, tier) }
}

/** Evidence, judgement, decision and report of a run's records. Pure. */
export function judgeRecords(
  records: readonly JournalRecord[],
  tier?: Tier,
): Omit<JudgedRun, keyof StoredRun> {
  const evidence = projectEvidence(records, tier ? { tier } : {})
  const judgement = judge(evidence)
  const injections = injectionsOf(records)
  const fingerprint = fingerprintsOf(evidence)
  const known = (lastOf(records, 'known-issues') as KnownIssues | undefined) ?? null
  const { byTest, uses } = overridesOf({ ...judgement, fingerprint, known, at: evidence.run.at })
  const decided = decide({
    ...judgement,
    overrides: byTest,
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
      fingerprint,
      knownIssues: uses,
      seenBefore: (lastOf(records, 'seen-before') as Record<string, SeenBefore> | undefined) ?? {},
      span,
      health: overviewOf(evidence.health),
    }),
  }
}

function fingerprintsOf({ attempts, run }: RunEvidence): (testId: string, n: number) => string | undefined {
  const prints = new Map(attempts.map((each) => [`${each.n} ${each.testId}`, fingerprintOf(each, run.root)]))
  return (testId, n) => prints.get(`${n} ${testId}`) ?? undefined
}

function lastOf(records: readonly JournalRecord[], kind: string): unknown {
  return records.findLast((record) => record.kind === kind)?.data
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
