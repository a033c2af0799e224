import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { FaultlineError, nearest } from '#core'
import type { DefinitionProblem, EnvironmentDefinition } from '#environment'
import type { AlertHandler } from '#health'
import type { ProbeTarget } from '#probe'
import type { StrategyPolicy } from '#strategy'
import type { BaselineConfig, ChangeConfig, FaultlineConfig, PolicyConfig, ProbeConfig } from './config.ts'
import type { LoadedConfig } from './load.ts'
import { type ConfigProblem, problemsOfIssues } from './problems.ts'
import { configSchema } from './schema.ts'

/** The policy with every value known. */
export interface Policy
  extends StrategyPolicy,
    Required<Pick<PolicyConfig, 'minimumTests' | 'onRaceSuspected' | 'rerunPasses'>> {}

/** Complete, checked settings for one environment: what the rest of the program sees. */
export interface Settings {
  readonly file: string
  readonly root: string
  readonly tests: readonly string[]
  /** A Vitest configuration for the tests, absolute. */
  readonly vitestConfig: string | undefined
  readonly environment: { readonly name: string; readonly definition: EnvironmentDefinition }
  readonly policy: Policy
  /** Looks beside those at services and links, from the runner. */
  readonly probes: readonly ProbeTarget[]
  readonly samplingIntervalMs: number
  readonly onHealthChange: AlertHandler | undefined
  readonly change: Required<ChangeConfig>
  /** Undefined where there is none for this environment. */
  readonly baseline: { readonly url: string; readonly health: string } | undefined
  /** Absolute; undefined where none are kept. */
  readonly knownIssuesFile: string | undefined
  /** Absolute; undefined where history is off. */
  readonly historyFile: string | undefined
}

/** What the check needs of the environments' own stage. */
export type CheckDefinition = (definition: EnvironmentDefinition) => readonly DefinitionProblem[]

/**
 * Checks a loaded configuration and completes it for one environment.
 * Throws FL1001 with every mistake at once, FL1005 when the environment isn't defined.
 */
export function completeSettings(
  loaded: LoadedConfig,
  options: { environment?: string; checkDefinition: CheckDefinition },
): Settings {
  const config = check(loaded, options.checkDefinition)
  const environment = chooseEnvironment(config, options.environment, loaded.file)
  const isRemote = environment.definition.kind === 'remote'
  const root = path.resolve(loaded.folder, config.root ?? '.')
  return {
    file: loaded.file,
    root,
    tests: config.tests,
    vitestConfig: config.vitestConfig && path.resolve(root, config.vitestConfig),
    environment,
    policy: {
      recoveryWaitMs: isRemote ? 120_000 : 20_000,
      onRequiredDown: 'graceful-skip',
      timeoutMultiplier: 1.5,
      retries: 3,
      retryDelayMs: 2000,
      minimumTests: 1,
      onRaceSuspected: 'undecided',
      rerunPasses: 2,
      ...config.policy,
    },
    samplingIntervalMs: config.sampling?.intervalMs ?? (isRemote ? 1000 : 250),
    probes: Object.entries(config.probes ?? {}).map(([target, probe]) => probeTarget(target, probe, root)),
    onHealthChange: config.onHealthChange,
    change: { tests: config.change?.tests ?? config.tests, application: config.change?.application ?? [] },
    baseline: baselineFor(environment.name, config.baseline),
    knownIssuesFile: config.knownIssues && path.resolve(root, config.knownIssues),
    historyFile: config.history && path.resolve(root, config.history.file ?? '.faultline/history.sqlite'),
  }
}

function baselineFor(environment: string, baseline: BaselineConfig | undefined): Settings['baseline'] {
  if (!baseline || (baseline.environment ?? environment) !== environment) return undefined
  return { url: baseline.url.replace(/\/$/, ''), health: baseline.health ?? '/' }
}

function probeTarget(target: string, probe: ProbeConfig, root: string): ProbeTarget {
  const { protocol, timeoutMs = 5000, slowMs = 1000 } = probe
  const written = typeof probe.address === 'string' ? probe.address : probe.address.reveal()
  const address = protocol === 'custom' ? pathToFileURL(path.resolve(root, written)).href : written
  return { target, vantage: 'runner', protocol, address, timeoutMs, slowMs }
}

function check(loaded: LoadedConfig, checkDefinition: CheckDefinition): FaultlineConfig {
  // Read once: to compile the schema takes longer than that.
  const parsed = configSchema.safeParse(loaded.raw, { jitless: true })
  const problems = parsed.success
    ? problemsOfDefinitions(loaded.raw as FaultlineConfig, checkDefinition)
    : problemsOfIssues(parsed.error.issues, loaded.raw)
  if (problems.length === 0) return loaded.raw as FaultlineConfig
  const lines = problems.map(({ where, message }) => `  ${where}: ${message}`)
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`
  throw new FaultlineError('FL1001', `${loaded.file} has ${count}:\n${lines.join('\n')}`, {
    remedy: 'mend each line above; the types of defineConfig show every key',
  })
}

function problemsOfDefinitions(config: FaultlineConfig, checkDefinition: CheckDefinition): ConfigProblem[] {
  const names = Object.keys(config.environments)
  const ofEnvironments = Object.entries(config.environments).flatMap(([name, definition]) =>
    checkDefinition(definition).map((problem) => ({
      where: ['environments', name, ...problem.path].join('.'),
      message: problem.message,
    })),
  )
  const services = Object.values(config.environments).flatMap((definition) =>
    Object.keys(definition.services),
  )
  const ofProbes = Object.keys(config.probes ?? {})
    .filter((probe) => services.includes(probe) || probe === 'control')
    .map((probe) => ({
      where: `probes.${probe}`,
      message: 'is the name of a service, or `control`; choose another',
    }))
  const { defaultEnvironment } = config
  const isUnknown = defaultEnvironment !== undefined && !names.includes(defaultEnvironment)
  const ofDefault = isUnknown
    ? [{ where: 'defaultEnvironment', message: unknownName(defaultEnvironment, names) }]
    : []
  return [...ofEnvironments, ...ofProbes, ...ofDefault]
}

function chooseEnvironment(
  config: FaultlineConfig,
  asked: string | undefined,
  file: string,
): Settings['environment'] {
  const names = Object.keys(config.environments)
  const fallback = config.defaultEnvironment ?? (names.length === 1 ? names[0] : 'embedded')
  const name = asked ?? fallback ?? 'embedded'
  const definition = config.environments[name]
  if (definition) return { name, definition }
  throw new FaultlineError('FL1005', `${file}: ${unknownName(name, names)}`, {
    remedy: 'name one of them with --env, or define it under `environments`',
  })
}

function unknownName(name: string, names: readonly string[]): string {
  const meant = nearest(name, names)
  return `no environment is named "${name}"${meant ? `; did you mean "${meant}"?` : ''} (defined: ${names.join(', ')})`
}
