/** What the process's environment says to Faultline. */
export interface Variables {
  /** `FAULTLINE_ENV`: the environment when `--env` isn't given. */
  readonly environment?: string
  /** `CI` is set to something true: no colours by default, no redrawing. */
  readonly ci: boolean
  /** `NO_COLOR` is set: https://no-color.org. */
  readonly noColor: boolean
  /** `GITHUB_STEP_SUMMARY`: the file that GitHub shows as the job's summary. */
  readonly githubSummary?: string
  /** Everything, for services of an embedded environment, which inherit only what their definition names. */
  readonly all: Readonly<Record<string, string>>
}

/** Reads the environment of this process: the one place that does. */
export function readVariables(env: NodeJS.ProcessEnv = process.env): Variables {
  const all = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const { FAULTLINE_ENV, GITHUB_STEP_SUMMARY } = all
  return {
    ...(FAULTLINE_ENV ? { environment: FAULTLINE_ENV } : {}),
    ...(GITHUB_STEP_SUMMARY ? { githubSummary: GITHUB_STEP_SUMMARY } : {}),
    ci: !['', '0', 'false', undefined].includes(all['CI']),
    noColor: (all['NO_COLOR'] ?? '') !== '',
    all,
  }
}

/** Sets variables of this process, for those that it starts: what carries a run's lease ends with the run. */
export function passOn(
  variables: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): void {
  Object.assign(env, variables)
}
