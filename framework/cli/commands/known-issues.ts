import { type ExitCode, exitCode, isFaultlineError, now } from '#core'
import { isExpired, isInScope } from '#decision'
import { judgeRun, knownIssuesOf, openSettings } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface KnownIssuesOptions {
  readonly config?: string
  readonly env?: string
  readonly json?: boolean
}

/** `faultline known-issues`: checks the file, and says which entries act, and which failed in the latest run. Throws FL1008. */
export async function knownIssues(context: CommandContext, options: KnownIssuesOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  const known = await knownIssuesOf(settings, variables, context.signal)
  if (!known) {
    context.out('no known issues: `knownIssues: "known-issues.json"` in the configuration names a file')
    return exitCode.pass
  }
  const latest = await fingerprintsOfLatest(settings.root)
  const entries = known.entries.map((entry) => ({
    ...entry,
    state: isExpired(entry, now()) ? 'expired' : isInScope(entry, known) ? 'acts' : 'elsewhere',
    inLatestRun: entry.fingerprints.some((print) => latest.has(print)),
  }))
  if (options.json) context.out(JSON.stringify(entries, null, 2))
  else
    context.out(
      [
        `${entries.length} known ${entries.length === 1 ? 'issue' : 'issues'}`,
        ...entries.map(
          ({ state, until, owner, reason, fingerprints, inLatestRun }) =>
            `  ${state.padEnd(9)}  until ${until}  ${owner}  ${reason}  ${fingerprints.join(', ')}${inLatestRun ? '' : '  (not in the latest run)'}`,
        ),
      ].join('\n'),
    )
  return exitCode.pass
}

async function fingerprintsOfLatest(root: string): Promise<ReadonlySet<string>> {
  try {
    const { report } = await judgeRun(root, undefined)
    return new Set(report.tests.flatMap(({ attempts }) => attempts.flatMap((each) => each.fingerprint ?? [])))
  } catch (error) {
    // Before the first run there is nothing to compare with.
    if (isFaultlineError(error)) return new Set()
    throw error
  }
}
