import { type ExitCode, exitCode } from '#core'
import type { JudgingPolicy } from '#evidence'
import type { AttemptJudgement, Incident, TestJudgement, Verdict } from '#verdict'
import type { KnownIssue } from './known-issue.ts'

/** What the gate does. */
export type Decision = 'pass' | 'block' | 'undecided' | 'hold'

/** One reason of a decision, as a pipeline reads it. */
export interface Reason {
  /** `application`, `test`, `infrastructure`, `inconclusive`, `race-suspected`, `known-issue`, `missing-test`, `too-few-tests`, … */
  readonly code: string
  /** A link, a service, a test id, an injection, a build. */
  readonly subject: string
  readonly message: string
}

/** What was checked beside the tests. Never an input of a verdict. */
export interface Checks {
  /** The release that was asked for, and what answered; null when none was asked for. */
  readonly release: { readonly expected: string; readonly seen: readonly string[] } | null
  /** Faults that the run was asked to put on. `bit` is null where nothing can tell. */
  readonly injections: readonly {
    readonly fault: string
    readonly target: string
    readonly bit: boolean | null
    /** Why it couldn't be put on, or what else went wrong with it. */
    readonly problem?: string
  }[]
  /** Faultline's own failures; empty for a sound run. */
  readonly broken: readonly { readonly code: string; readonly message: string }[]
}

/** What a decision is made from: a judgement, and the checks. */
export interface DecisionInput {
  readonly incidents: readonly Incident[]
  readonly attempts: readonly AttemptJudgement[]
  readonly tests: readonly TestJudgement[]
  readonly checks: Checks
  /** Known issues that override the decision on a test, by its id. */
  readonly overrides?: ReadonlyMap<string, readonly KnownIssue[]>
  readonly policy: JudgingPolicy
}

export interface Decided {
  readonly decision: Decision
  readonly exitCode: ExitCode
  /** The gravest first. Empty for a plain pass. */
  readonly reasons: readonly Reason[]
}

/** A reason with the exit code that it calls for. */
interface Weighed extends Reason {
  readonly exit: ExitCode
}

/** The gravest first. */
const precedence: readonly ExitCode[] = [
  exitCode.internal,
  exitCode.block,
  exitCode.undecided,
  exitCode.hold,
  exitCode.pass,
]

const decisionOf: Partial<Record<ExitCode, Decision>> = {
  [exitCode.pass]: 'pass',
  [exitCode.block]: 'block',
  [exitCode.hold]: 'hold',
}

/** Decides by the table of exit codes; the gravest reason wins. Pure. */
export function decide(input: DecisionInput): Decided {
  const reasons = [
    ...input.checks.broken.map(({ code, message }) => reason(exitCode.internal, 'broken', code, message)),
    ...input.tests.filter((test) => test.required).flatMap((test) => ofTest(test, input)),
    ...input.incidents
      .filter((incident) => incident.preFlight)
      .map(({ verdict }) => ofVerdict(verdict, verdict.subject, input.policy)),
    ...ofChecks(input),
  ].toSorted((a, b) => precedence.indexOf(a.exit) - precedence.indexOf(b.exit))
  const exit = reasons[0]?.exit ?? exitCode.pass
  return {
    decision: decisionOf[exit] ?? 'undecided',
    exitCode: exit,
    reasons: reasons.map(({ exit: _, ...rest }) => rest),
  }
}

function reason(exit: ExitCode, code: string, subject: string, message: string): Weighed {
  return { exit, code, subject, message }
}

/** What one required test calls for. A verdict against the change on any of its attempts blocks, whatever came later. */
function ofTest(test: TestJudgement, { attempts, overrides, policy }: DecisionInput): Weighed[] {
  const known = overrides?.get(test.testId)
  if (known && !test.cleared) return [ofKnown(test, known)]
  const against = attempts.find(
    ({ testId, verdict }) =>
      testId === test.testId && (verdict.class === 'application' || verdict.class === 'test'),
  )
  if (against) return [ofVerdict(against.verdict, test.testId, policy)]
  if (test.outcome === 'missing')
    return [
      reason(
        exitCode.undecided,
        'missing-test',
        test.testId,
        'was listed, and neither finished nor was blocked',
      ),
    ]
  if (test.cleared)
    return [
      reason(
        exitCode.pass,
        'cleared',
        test.testId,
        `failed by ${test.verdict?.subject ?? 'infrastructure'}, passed after it recovered`,
      ),
    ]
  if (test.verdict) return [ofVerdict(test.verdict, test.testId, policy)]
  if (test.outcome === 'passed' || test.outcome === 'skipped') return []
  return [reason(exitCode.undecided, 'no-verdict', test.testId, `${test.outcome}, and nothing explains it`)]
}

/** The verdict stands and is told; only what it would do is overridden. */
function ofKnown({ testId, verdict }: TestJudgement, known: readonly KnownIssue[]): Weighed {
  const why = known.map((each) => `${each.reason} (${each.owner}, until ${each.until})`).join('; ')
  const said = verdict ? `${verdict.class}: ${verdict.subject}, ${verdict.reason}` : 'no verdict'
  return reason(exitCode.pass, 'known-issue', testId, `known: ${why}; overridden: ${said}`)
}

function ofVerdict(verdict: Verdict, subject: string, policy: JudgingPolicy): Weighed {
  const message = `${verdict.class}: ${verdict.subject}, ${verdict.reason}`
  switch (verdict.class) {
    case 'application':
    case 'test':
      return reason(exitCode.block, verdict.class, subject, message)
    case 'infrastructure':
      return reason(exitCode.hold, verdict.class, subject, message)
    case 'inconclusive': {
      const race = verdict.reason === 'race-suspected'
      const exit = race && policy.raceSuspected === 'block' ? exitCode.block : exitCode.undecided
      return reason(exit, race ? verdict.reason : verdict.class, subject, message)
    }
  }
}

function ofChecks({ tests, checks, policy }: DecisionInput): Weighed[] {
  const found: Weighed[] = []
  const counted = tests.filter((test) => test.outcome !== 'skipped' && test.outcome !== 'missing').length
  const least = Math.max(1, policy.minimumTests)
  if (counted < least)
    found.push(
      reason(
        exitCode.undecided,
        'too-few-tests',
        'tests',
        `${counted} tests ran or were blocked, and ${least} are needed`,
      ),
    )
  const { release } = checks
  const others = release?.seen.filter((build) => build !== release.expected) ?? []
  if (release && others.length > 0)
    found.push(
      reason(
        exitCode.undecided,
        'wrong-release',
        others[0]!,
        `${others.join(', ')} answered, not ${release.expected}`,
      ),
    )
  if (release && release.seen.length === 0)
    found.push(
      reason(
        exitCode.undecided,
        'unknown-release',
        release.expected,
        'no answer said which build it came from',
      ),
    )
  for (const { fault, target, bit, problem } of checks.injections)
    if (bit !== true)
      found.push(
        reason(
          exitCode.undecided,
          'injection-did-not-bite',
          `${fault}@${target}`,
          `the fault was never seen to change anything${problem === undefined ? '' : `: ${problem}`}`,
        ),
      )
  return found
}
