import { messageOf } from '#core'
import { fingerprintOf } from '#decision'
import { type ArmOutcome, type ControlArm, projectEvidence } from '#evidence'
import { type Journal, readJournal } from '#journal'
import type { Attempt, TestDefinition } from '#run'
import type { Settings } from '#settings'
import { defaultIdentityHeaders } from '#topology'
import { judge } from '#verdict'
import type { GateHost, GateProgress } from './gate-request.ts'
import type { Stage } from './stage.ts'

export interface ControlArmOptions extends Pick<Stage, 'environment' | 'guide' | 'watch' | 'hostFor'> {
  readonly baseline: NonNullable<Settings['baseline']>
  readonly tests: readonly TestDefinition[]
  readonly journal: Journal
  readonly root: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: GateProgress) => void
}

/** More failures than this aren't run again: they have few causes. */
const mostTests = 20
const lookLimitMs = 5000

type Arm = 'candidate' | 'baseline'

/** So that neither side has the advantage of coming later: A B B A. */
const turns: readonly Arm[] = ['candidate', 'baseline', 'baseline', 'candidate']

/**
 * Runs failures again by turns on the candidate and on a deployment that is known to be good, and writes down what each did.
 * The runs are no attempts: they clear nobody. Where the known-good deployment isn't well, doesn't say its
 * release, or runs the candidate's, that is written down, and nothing is concluded.
 */
export async function runControlArm(options: ControlArmOptions): Promise<void> {
  const { journal, baseline, watch, signal } = options
  const failures = await failuresOf(options)
  if (failures.size === 0) return
  options.onProgress({ kind: 'control-arm', tests: failures.size })
  const before = await look(baseline, signal)
  const candidateBuild = watch.builds.at(-1) ?? null
  const early = problemOf(before, candidateBuild)
  const ran = early === null ? await runTurns(options, failures) : { tests: [], problem: early }
  const problem = ran.problem ?? problemOf(await look(baseline, signal), watch.builds.at(-1) ?? null)
  const { origin, pathname } = new URL(baseline.url)
  const data: ControlArm = {
    url: `${origin}${pathname === '/' ? '' : pathname}`,
    ...{ candidateBuild, baselineBuild: before.build, problem, tests: ran.tests },
  }
  journal.append({ source: 'session', kind: 'control-arm', data, urgent: true })
}

/** The fingerprints of every test that failed, isn't cleared, and isn't infrastructure's. */
async function failuresOf({ journal, root }: ControlArmOptions): Promise<Map<string, Set<string>>> {
  journal.flush()
  const { records } = await readJournal(journal.file)
  const evidence = projectEvidence(records)
  const failed = judge(evidence)
    .tests.filter(({ outcome, verdict }) => outcome === 'failed' && verdict?.class !== 'infrastructure')
    .slice(0, mostTests)
  const printsOf = (testId: string) =>
    evidence.attempts
      .filter((attempt) => attempt.testId === testId)
      .flatMap((attempt) => fingerprintOf(attempt, root) ?? [])
  return new Map(failed.map(({ testId }) => [testId, new Set(printsOf(testId))]))
}

async function runTurns(
  { tests, guide, watch, environment, baseline, hostFor, root, signal }: ControlArmOptions,
  failures: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Pick<ControlArm, 'tests' | 'problem'>> {
  const victims = tests.filter(({ id }) => failures.has(id))
  const ids = victims.map(({ id }) => id)
  const results = victims.map(({ id, needs }) => ({
    ...{ testId: id, needs, candidateWell: true },
    ...{ candidate: [] as ArmOutcome[], baseline: [] as ArmOutcome[] },
  }))
  const noteHealth = async () => {
    await watch.monitor.round(signal)
    for (const result of results)
      if (guide.choose(result.needs).because.length > 0 || !watch.runnerIsWell()) result.candidateWell = false
  }
  try {
    await using candidate = hostFor(environment.connections.entry)
    await using known = hostFor(baseline.url)
    await candidate.discover(signal)
    await known.discover(signal)
    await noteHealth()
    for (const arm of turns) {
      const outcomes = await runOn(arm === 'candidate' ? candidate : known, ids, signal)
      for (const result of results)
        result[arm].push(outcomeOf(outcomes.get(result.testId), failures.get(result.testId)!, root))
      await noteHealth()
    }
  } catch (error) {
    signal.throwIfAborted()
    return { tests: [], problem: `the tests could not be run by turns: ${messageOf(error)}` }
  }
  return { tests: results.map(({ needs: _, ...result }) => result), problem: null }
}

async function runOn(
  host: GateHost,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Attempt>> {
  const attempts = new Map<string, Attempt>()
  const attemptEnded = (attempt: Attempt) => void attempts.set(attempt.testId, attempt)
  await host.rerun(ids, { attemptEnded, blocked() {}, skipped() {} }, signal)
  return attempts
}

function outcomeOf(attempt: Attempt | undefined, prints: ReadonlySet<string>, root: string): ArmOutcome {
  if (!attempt) return 'not-run'
  const print = fingerprintOf(attempt, root)
  return print === null ? 'passed' : prints.has(print) ? 'alike' : 'otherwise'
}

interface Look {
  readonly build: string | null
  /** Null when it answered well. */
  readonly trouble: string | null
}

async function look({ url, health }: ControlArmOptions['baseline'], signal: AbortSignal): Promise<Look> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(lookLimitMs)])
    const answer = await fetch(`${url}${health}`, { signal: limit, redirect: 'manual' })
    await answer.body?.cancel()
    const build = answer.headers.get(defaultIdentityHeaders.build)
    return { build, trouble: answer.status < 400 ? null : `it answered ${answer.status} to GET ${health}` }
  } catch (error) {
    signal.throwIfAborted()
    return { build: null, trouble: `it gave no answer to GET ${health}: ${messageOf(error)}` }
  }
}

function problemOf({ build, trouble }: Look, candidateBuild: string | null): string | null {
  if (trouble !== null) return `the known-good deployment is not well: ${trouble}`
  if (build === null || candidateBuild === null)
    return `the ${build === null ? 'known-good deployment' : 'candidate'} does not say which release it is`
  return build === candidateBuild
    ? `the known-good deployment runs the candidate's own release, ${build}`
    : null
}
