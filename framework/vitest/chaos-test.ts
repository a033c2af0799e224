import { randomInt } from 'node:crypto'
import type { Experiment, ExperimentResult } from '#experiment'
import { chaosClients } from './chaos-clients.ts'
import { InfrastructureAwareTest } from './infrastructure-aware-test.ts'

/** How a test runs an experiment. */
export interface HoldOptions {
  /** Replays the load of an earlier run; another one each time unless given. */
  readonly seed?: number
  /** The environment's name in the configuration; its default unless given. */
  readonly environment?: string
}

/**
 * The base of tests that disturb. An experiment gets an environment of its own, so that no other test is hurt by it, and
 * everything is put back before the test ends, however it ends.
 */
export class ChaosTest extends InfrastructureAwareTest {
  static override readonly timeoutMs: number = 120_000

  /** Runs an experiment, and fails when not every promise was seen to hold: also when it says nothing. */
  async hold(experiment: Experiment, options: HoldOptions = {}): Promise<ExperimentResult> {
    const { seed = randomInt(2 ** 32), environment } = options
    // Loaded where a test disturbs: other tests start no environment.
    const [{ openSettings, runChaos }, { readVariables }, { createStyle, renderExperiment }] =
      await Promise.all([import('#session'), import('#settings'), import('#report')])
    const variables = readVariables()
    const settings = await openSettings(process.cwd(), environment ? { env: environment } : {}, variables)
    const { results, cutShortBy } = await runChaos({
      settings,
      variables,
      experiments: [experiment],
      profiles: [],
      seed,
      clientsOf: chaosClients,
      onProgress() {},
      onResult() {},
      signal: this.signal,
    })
    const [result] = results
    if (!result) throw cutShortBy
    const replay = `t.hold(experiment, { seed: ${seed} })`
    this.expect(result.outcome, renderExperiment(result, replay, createStyle(false))).toBe('held')
    return result
  }
}
