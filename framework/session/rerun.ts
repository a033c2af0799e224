import { now, waitFor } from '#core'
import { projectEvidence } from '#evidence'
import type { Journal } from '#journal'
import { readJournal } from '#journal'
import type { HostEvents, TestDefinition, TestHost } from '#run'
import type { Policy } from '#settings'
import type { Needs } from '#topology'
import { judge, type TestJudgement } from '#verdict'
import type { GateProgress } from './gate-request.ts'
import type { Guide } from './guide.ts'
import type { Watch } from './watch.ts'

export interface RerunOptions {
  readonly tests: readonly TestDefinition[]
  readonly journal: Journal
  readonly guide: Guide
  readonly watch: Watch
  readonly host: TestHost
  readonly events: HostEvents
  readonly policy: Policy
  readonly signal: AbortSignal
  readonly onProgress: (progress: GateProgress) => void
}

/** How long what came back has to be seen well before the rerun, in ms: several rounds of looks. */
const settlingMs = 5000

/**
 * The rerun is an experiment: does a test that infrastructure failed, or that nobody could explain, fail again once
 * everything that it needs is well? It waits for that within what is left of the outage's one wait, and goes on until
 * every victim has failed again or passed as often as the policy asks.
 */
export async function rerunVictims(options: RerunOptions): Promise<void> {
  const { tests, journal, guide, watch, host, events, policy, signal, onProgress } = options
  const isWell = (test: TestDefinition) => guide.choose(requiredOf(test.needs)).because.length === 0
  for (let round = 1; round <= policy.rerunPasses; round += 1) {
    const ids = await victimsOf(journal)
    const victims = tests.filter((test) => ids.includes(test.id))
    if (victims.length === 0) return
    await guide.waitForRecovery(victims.map((test) => test.needs))
    // What is up again isn't well at once; and nothing can be learned where nobody sees whether it is.
    await watch.monitor.waitUntil(() => victims.every(isWell), { limitMs: settlingMs, signal })
    await watch.monitor.round(signal)
    if (!(await runnerRecovers(watch, signal))) return
    const testIds = victims.filter(isWell).map((test) => test.id)
    if (testIds.length === 0) return
    const data = { round, testIds, at: now(), healthyBefore: true }
    journal.append({ source: 'session', kind: 'rerun', data, urgent: true })
    onProgress({ kind: 'rerun', tests: testIds.length })
    await host.rerun(testIds, events, signal)
  }
}

/** A starved runner fails tests all by itself: what is run again on it tells nothing. */
async function runnerRecovers(watch: Watch, signal: AbortSignal): Promise<boolean> {
  return waitFor(() => watch.runnerIsWell(), { limitMs: 2 * settlingMs, everyMs: 100, signal }).catch(() => {
    signal.throwIfAborted()
    return false
  })
}

/** An optional service that stays away harms no test that passes without it, and keeps none from being run again. */
function requiredOf(needs: Needs): Needs {
  return Object.fromEntries(Object.entries(needs).filter(([, need]) => need === 'required'))
}

/** Tests that aren't cleared, and that a rerun may still tell more of. */
async function victimsOf(journal: Journal): Promise<string[]> {
  journal.flush()
  const { records } = await readJournal(journal.file)
  return judge(projectEvidence(records))
    .tests.filter(isWorthRerunning)
    .map((test) => test.testId)
}

function isWorthRerunning({ outcome, cleared, verdict }: TestJudgement): boolean {
  if (cleared || verdict === null) return false
  if (verdict.class !== 'infrastructure' && verdict.class !== 'inconclusive') return false
  return outcome === 'failed' || outcome === 'blocked' || outcome === 'passed'
}
