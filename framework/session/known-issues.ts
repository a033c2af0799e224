import { now } from '#core'
import type { KnownIssues } from '#decision'
import { readKnownIssues, type Settings, type Variables } from '#settings'
import { branchOf } from './change.ts'

/** The known issues of the settings, with what tells whether they are meant for this run; undefined where none are kept. Throws FL1008. */
export async function knownIssuesOf(
  { knownIssuesFile: file, root, environment }: Settings,
  variables: Variables,
  signal: AbortSignal,
): Promise<KnownIssues | undefined> {
  if (file === undefined) return undefined
  const [entries, branch] = await Promise.all([
    readKnownIssues(file, now()),
    branchOf(root, variables.all, signal),
  ])
  return { file, entries, environment: environment.name, branch: branch ?? null }
}
