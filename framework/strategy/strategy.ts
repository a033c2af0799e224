/** How one test proceeds. `graceful-skip` and `fail-fast` mean that it is blocked: not run. */
export type Strategy = 'normal' | 'conservative' | 'fallback' | 'graceful-skip' | 'fail-fast'

/** What the policy says of running tests on unwell infrastructure. Durations in ms. */
export interface StrategyPolicy {
  /** How long to wait for a required service that is down, once per outage for the whole run. */
  readonly recoveryWaitMs: number
  readonly onRequiredDown: 'graceful-skip' | 'fail-fast'
  /** Timeouts are multiplied by this when conservative, and once more where a required service is degraded or critical. */
  readonly timeoutMultiplier: number
  readonly retries: number
  /** The wait before retry n is n times this, with jitter. */
  readonly retryDelayMs: number
}

export interface StrategyChoice {
  readonly strategy: Strategy
  /** The factor for every timeout of the test: 1, 1.5 or 2.25 with the default policy. */
  readonly timeoutFactor: number
  /** Required services that are down, when the test is blocked. */
  readonly blockedBy: readonly string[]
  /** Services that are not well, and how: `database degraded`. */
  readonly because: readonly string[]
  /** Optional services that are down, whose `whenDegraded` variants run. */
  readonly degraded: readonly string[]
}
