import { FaultlineError } from '#core'
import type { HealthRecord } from '#health'
import type { JournalRecord } from '#journal'
import type { ObservationRecord, RunnerSampleRecord } from '#probe'
import type {
  AttemptRecord,
  AttemptStartedRecord,
  BlockedRecord,
  DiscoveredRecord,
  SkippedRecord,
} from '#run'
import type { ChangeRecord, ControlArmRecord } from './change.ts'
import type {
  PreFlightRecord,
  ReadinessRecord,
  RecoveryWaitRecord,
  ReleaseSeenRecord,
  RerunRecord,
  RunEndedRecord,
  RunStartedRecord,
  Tier,
} from './records.ts'
import type { RunEvidence, ServiceEvent } from './run-evidence.ts'
import { atTier, lowerTier } from './tier.ts'

/** A platform's record as its writer declares it: only the fields of a {@link ServiceEvent} are read. */
type ServiceEventRecord = JournalRecord<
  'platform-event',
  Omit<ServiceEvent, 'code' | 'signal'> & Partial<Pick<ServiceEvent, 'code' | 'signal'>>
>

/** The allow-list: the only kinds that a verdict is made from. */
interface ProjectedRecords {
  'run-started': RunStartedRecord
  'run-ended': RunEndedRecord
  'pre-flight': PreFlightRecord
  'recovery-wait': RecoveryWaitRecord
  readiness: ReadinessRecord
  rerun: RerunRecord
  'release-seen': ReleaseSeenRecord
  change: ChangeRecord
  'control-arm': ControlArmRecord
  test: DiscoveredRecord
  'attempt-started': AttemptStartedRecord
  attempt: AttemptRecord
  blocked: BlockedRecord
  skipped: SkippedRecord
  observation: ObservationRecord
  'runner-sample': RunnerSampleRecord
  'platform-event': ServiceEventRecord
  health: HealthRecord
}

type ProjectedKind = keyof ProjectedRecords

export interface ProjectionOptions {
  /** See the run with no more keys than this; by default with all that its environment has. */
  readonly tier?: Tier
}

/**
 * The evidence of a run, from its records in any order. Kinds outside the allow-list are not read at all.
 * Throws FL6004 when there is no `run-started` record.
 */
export function projectEvidence(
  records: readonly JournalRecord[],
  options: ProjectionOptions = {},
): RunEvidence {
  const byKind = Map.groupBy(records, (record) => record.kind)
  const of = <Kind extends ProjectedKind>(kind: Kind) =>
    (byKind.get(kind) ?? []) as readonly JournalRecord[] as readonly ProjectedRecords[Kind][]
  const dataOf = <Kind extends ProjectedKind>(kind: Kind) =>
    of(kind).map((record) => record.data as ProjectedRecords[Kind]['data'])

  const endedAt = of('run-ended')[0]?.at ?? null
  /** Faultline takes its own environment down after the end: what that looks like is evidence of nothing. */
  const isInRun = (fact: { readonly at: number }) => endedAt === null || fact.at <= endedAt
  const start = of('run-started')[0]
  if (!start)
    throw new FaultlineError(
      'FL6004',
      'its environment was not up when its journal ended: there is nothing to judge',
    )
  const evidence: RunEvidence = {
    run: { ...start.data, at: start.at },
    tier: start.data.tierCeiling,
    tests: dataOf('test'),
    started: of('attempt-started').map(({ at, data }) => ({ ...data, at })),
    attempts: inOrder(dataOf('attempt'), (attempt) => attempt.startedAt),
    blocked: dataOf('blocked'),
    skipped: dataOf('skipped'),
    observations: inOrder(dataOf('observation').filter(isInRun), (look) => look.at),
    runnerSamples: inOrder(dataOf('runner-sample'), (sample) => sample.at),
    serviceEvents: inOrder(
      dataOf('platform-event').map(pickServiceEvent).filter(isInRun),
      (event) => event.at,
    ),
    health: of('health')
      .map(({ at, data }) => ({ ...data, at }))
      .filter(isInRun),
    preFlight: of('pre-flight').map(({ at, data }) => ({ ...data, at })),
    recoveryWaits: dataOf('recovery-wait'),
    readiness: inOrder(dataOf('readiness').filter(isInRun), (said) => said.at),
    reruns: inOrder(dataOf('rerun'), (rerun) => rerun.at),
    releases: dataOf('release-seen'),
    change: dataOf('change').at(-1) ?? null,
    controlArm: dataOf('control-arm').at(-1) ?? null,
    endedAt,
  }
  return atTier(evidence, lowerTier(options.tier ?? 'T3', evidence.tier))
}

/** Field by field, so that a writer who says more than the contract doesn't get it in. */
function pickServiceEvent(data: ServiceEventRecord['data']): ServiceEvent {
  const { at, service, event, incarnation, code = null, signal = null } = data
  return { at, service, event, incarnation, code, signal }
}

function inOrder<Item>(items: readonly Item[], at: (item: Item) => number): Item[] {
  return items.toSorted((a, b) => at(a) - at(b))
}
