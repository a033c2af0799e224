import type { Secret } from '#core'
import type { EnvironmentDefinition } from '#environment'
import type { AlertHandler } from '#health'
import type { StrategyPolicy } from '#strategy'

/** What the gate may conclude from what it saw. Every key has a default that suits the kind of environment. */
export interface PolicyConfig extends Partial<StrategyPolicy> {
  /** Fewer selected tests than this are too few to decide on. Default 1. */
  readonly minimumTests?: number
  /** What a failure does that passed again though nothing was ever seen wrong. Default `undecided`. */
  readonly onRaceSuspected?: 'undecided' | 'block'
  /** How many passing reruns clear a test that infrastructure failed. Default 2. */
  readonly rerunPasses?: number
}

/**
 * A look of one's own at something beside the services: a certificate, a name, a queue. It is watched, reported and told to
 * `onHealthChange`; verdicts rest on the looks at services and links alone.
 */
export interface ProbeConfig {
  readonly protocol: 'http' | 'postgres' | 'tcp' | 'tls' | 'dns' | 'websocket' | 'custom'
  /**
   * `http(s)://`, `postgres://`, `tcp://`, `tls://`, `dns://name` or `ws(s)://`; `secret(…)` when it holds a password. For
   * `custom`, a module from the root whose default export looks: it returns, gives a finding, or throws.
   */
  readonly address: string | Secret
  /** After this long a look ends as no answer. Default 5,000. */
  readonly timeoutMs?: number
  /** A good answer that took longer is slow. Default 1,000. */
  readonly slowMs?: number
}

/** Which files are what, for `faultline gate --base REF`. Globs from the root. */
export interface ChangeConfig {
  /** Default: the globs of `tests`. */
  readonly tests?: readonly string[]
  /** What is deployed. Default: none, so that a change is never taken for one of the application only. */
  readonly application?: readonly string[]
}

/** A deployment of a release that is known to be good, for failures to be run again on. */
export interface BaselineConfig {
  /** Its entry: `https://…`. */
  readonly url: string
  /** A path that it answers with a status below 400 when it is well. Default `/`. */
  readonly health?: `/${string}`
  /** Only for this environment. Default: for every one. */
  readonly environment?: string
}

/** A memory of runs, in a SQLite file. It exonerates nobody. */
export interface HistoryConfig {
  /** From the root. Default `.faultline/history.sqlite`. */
  readonly file?: string
}

/** What a user writes in `faultline.config.ts`. */
export interface FaultlineConfig {
  /** Where relative paths start, from the config file's folder. Default: that folder. */
  readonly root?: string
  /** Environments by name. */
  readonly environments: Readonly<Record<string, EnvironmentDefinition>>
  /** The environment that is used when none is named. Default: the only one, or the one called `embedded`. */
  readonly defaultEnvironment?: string
  /** Globs of test files, from the root. */
  readonly tests: readonly string[]
  /** Further probes, by the name that they are reported under: not a service's. */
  readonly probes?: Readonly<Record<string, ProbeConfig>>
  /** A Vitest configuration for these tests (aliases, plugins, set-up files); none is looked for. */
  readonly vitestConfig?: string
  readonly policy?: PolicyConfig
  readonly change?: ChangeConfig
  readonly baseline?: BaselineConfig
  /** A file of known issues, from the root: `schema/known-issues.json` describes it. */
  readonly knownIssues?: string
  /** Off unless it is given; `{}` for all defaults. */
  readonly history?: HistoryConfig
  readonly sampling?: {
    /** How often every target is looked at, in ms. Default 250 embedded, 1,000 remote. */
    readonly intervalMs?: number
  }
  /** Called on every change of health; a handler that throws or hangs harms nobody. */
  readonly onHealthChange?: AlertHandler
}

/** Types a configuration, and gives it back as it is. */
export function defineConfig(config: FaultlineConfig): FaultlineConfig {
  return config
}
