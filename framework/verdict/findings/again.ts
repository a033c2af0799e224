import type { Findings } from './findings.ts'

/** Families that a failing application shows to its clients. */
export const shownByApplications: ReadonlySet<string> = new Set([
  'no-answer',
  'answered-error',
  'cut-short',
  'peer-gone',
  'unknown',
])

/** More denial of the processor than this, and the runner may have had a part in it. */
export const mostDeniedShare = 0.2

/**
 * Whether this is the same failure again in a rerun that began on healthy infrastructure, with the path seen well by
 * ourselves too: what the session says of the moment before isn't enough.
 */
export function failsAgain({ rerun, path, runner, trouble, entryName }: Findings): boolean {
  const sound = path.cleared && runner.deniedShare < mostDeniedShare
  const shown = trouble.target === entryName && shownByApplications.has(trouble.family)
  return rerun.onHealthy && rerun.failedAlikeBefore && sound && shown
}
