import type { Interval } from '#core'
import type { Attempt } from '#run'
import type { ReportTest } from '../run-report.ts'
import type { VerdictGroup } from '../verdict-groups.ts'
import type { FaultSpan } from './fault-spans.ts'
import { type HealthLane, healthLanes } from './health-lanes.ts'
import { packRows } from './pack.ts'
import type { HtmlParts } from './parts.ts'

/** How a span is drawn. */
export type SpanState =
  | 'healthy'
  | 'recovering'
  | 'degraded'
  | 'critical'
  | 'unavailable'
  | 'unknown'
  | 'gap'
  | 'fault'
  | 'wait'
  | 'event'
  | 'step'
  | 'passed'
  | 'failed'
  | 'blocked'

/** One span: begin and end in ms since the run began, and the row of its lane. Short names, for there may be 10,000. */
export interface PageSpan {
  readonly a: number
  readonly b: number
  readonly s: SpanState
  readonly row?: number
  /** What to say of it; spans of tests say what their test says. */
  readonly text?: string
  /** Index of the test. */
  readonly t?: number
  /** Which attempt, when it isn't the first: a rerun. */
  readonly n?: number
}

export interface PageLane {
  readonly group: 'faults' | 'health' | 'platform' | 'tests'
  readonly label: string
  /** What the label alone doesn't say: the vantage. */
  readonly note?: string
  readonly rows: number
  readonly spans: readonly PageSpan[]
}

/** `[id, index of the file, outcome, ms, index of the verdict's group or -1, n of the last attempt]` */
export type PageTest = readonly [string, number, ReportTest['outcome'] | 'cleared', number, number, number]

/** What the page's script draws from. Plain JSON. */
export interface PageData {
  readonly startedAt: number
  readonly durationMs: number
  readonly lanes: readonly PageLane[]
  /** `[begin, end, index of the verdict's group]` */
  readonly incidents: readonly (readonly [number, number, number])[]
  readonly files: readonly string[]
  readonly tests: readonly PageTest[]
  readonly verdicts: readonly string[]
  /** Of a chaos run: the charts of each experiment. */
  readonly charts?: readonly PageChart[]
}

/** An experiment’s load over time: a value for each of the times. */
export interface PageChart {
  readonly name: string
  /** In ms since the run began. */
  readonly times: readonly number[]
  /** Operations that ended, a second. */
  readonly rates: Readonly<Record<'ok' | 'degraded' | 'failed' | 'unknown', readonly number[]>>
  /** In ms; null where nothing ended. */
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
}

/** The timeline and the table of tests, as small as they can be. */
export function pageDataOf(parts: HtmlParts, groups: readonly VerdictGroup[]): PageData {
  const { report, evidence, faults } = parts
  const run = { from: report.startedAt, to: evidence.endedAt ?? report.startedAt + report.durationMs }
  const files = [...new Set(report.tests.map((test) => test.file))]
  const groupOf = new Map(groups.flatMap((group, index) => group.incidents.map(({ id }) => [id, index])))
  return {
    startedAt: run.from,
    durationMs: run.to - run.from,
    lanes: [
      ...faultLanes(faults, run),
      ...healthLanes(evidence, run).map((lane) => healthLane(lane, run)),
      ...platformLanes(parts, run),
      ...testLanes(parts, run),
    ],
    incidents: groups.flatMap((group, index) =>
      group.incidents.map(({ window }) => {
        const { a, b } = offsets(window, run)
        return [a, b, index] as const
      }),
    ),
    files,
    tests: report.tests.map((test) => pageTest(test, files, groupOf)),
    verdicts: groups.map(({ verdict }) => `${verdict.class}: ${verdict.subject} (${verdict.reason})`),
  }
}

function pageTest(
  test: ReportTest,
  files: readonly string[],
  groupOf: ReadonlyMap<string, number>,
): PageTest {
  const last = test.attempts.at(-1)
  const title = test.id.startsWith(`${test.file} > `) ? test.id.slice(test.file.length + 3) : test.id
  return [
    title,
    files.indexOf(test.file),
    test.cleared ? 'cleared' : test.outcome,
    Math.round(last?.durationMs ?? 0),
    test.incident === null ? -1 : (groupOf.get(test.incident) ?? -1),
    last?.n ?? 0,
  ]
}

export function faultLanes(faults: readonly FaultSpan[], run: Interval): PageLane[] {
  const byName = Map.groupBy(faults, ({ fault, target }) => `${fault}@${target}`)
  return [...byName].map(([label, spans]) => ({
    group: 'faults',
    label,
    rows: 1,
    spans: spans.map(({ from, to, window, bit }) => ({
      ...offsets({ from, to: to ?? run.to }, run),
      s: 'fault',
      text: `asked for ${window}${bit === null ? ', effect unknown' : bit ? ', it bit' : ', it did not bite'}`,
    })),
  }))
}

export function healthLane({ name, vantage, spans }: HealthLane, run: Interval): PageLane {
  return {
    group: 'health',
    label: name,
    note: vantage,
    rows: 1,
    spans: spans.map(({ status, reason, ...span }) => ({
      ...offsets(span, run),
      s: status,
      ...(reason === undefined ? {} : { text: reason }),
    })),
  }
}

/** What the platform said and did: events of services, and the waits for their recovery. */
function platformLanes({ evidence }: HtmlParts, run: Interval): PageLane[] {
  const told = evidence.serviceEvents.filter(({ event }) => event !== 'running')
  const byService = Map.groupBy(
    told.filter(({ event, incarnation }) => event !== 'started' || incarnation > 1),
    ({ service }) => service,
  )
  const events = [...byService].map(
    ([service, list]): PageLane => ({
      group: 'platform',
      label: service,
      note: 'platform',
      rows: 1,
      spans: list.map(({ at, event, code, signal }) => ({
        ...offsets({ from: at, to: at }, run),
        s: 'event',
        text: `${event}${code === null ? '' : `, exit code ${code}`}${signal === null ? '' : `, ${signal}`}`,
      })),
    }),
  )
  const waits = evidence.recoveryWaits.map(
    ({ from, to, services, recovered }): PageSpan => ({
      ...offsets({ from, to }, run),
      s: 'wait',
      text: `waited for ${services.join(', ')}: ${recovered ? 'recovered' : 'not recovered'}`,
    }),
  )
  return waits.length === 0
    ? events
    : [...events, { group: 'platform', label: 'waits', note: 'for recovery', rows: 1, spans: waits }]
}

function testLanes({ report, evidence }: HtmlParts, run: Interval): PageLane[] {
  const index = new Map(report.tests.map((test, at) => [test.id, at]))
  const bars = [
    ...evidence.attempts.map((attempt) => barOf(attempt, index, run)),
    ...evidence.blocked.map(
      ({ testId, at }): PageSpan => ({
        ...offsets({ from: at, to: at }, run),
        s: 'blocked',
        t: index.get(testId) ?? -1,
      }),
    ),
  ].toSorted((a, b) => a.a - b.a)
  if (bars.length === 0) return []
  // A mark without length still takes the room of something that can be seen and pointed at.
  const least = (run.to - run.from) / 200
  const rows = packRows(bars.map(({ a, b, s }) => ({ from: a, to: s === 'blocked' ? a + least : b })))
  return [
    {
      group: 'tests',
      label: 'tests',
      rows: Math.max(...rows) + 1,
      spans: bars.map((bar, at) => ({ ...bar, row: rows[at]! })),
    },
  ]
}

function barOf(attempt: Attempt, index: ReadonlyMap<string, number>, run: Interval): PageSpan {
  const { startedAt, durationMs, outcome, testId, n } = attempt
  return {
    ...offsets({ from: startedAt, to: startedAt + durationMs }, run),
    s: outcome,
    t: index.get(testId) ?? -1,
    ...(n > 1 ? { n } : {}),
  }
}

export function offsets({ from, to }: Interval, run: Interval): { a: number; b: number } {
  return { a: Math.round(from - run.from), b: Math.round(to - run.from) }
}
