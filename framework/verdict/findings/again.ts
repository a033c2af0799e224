import type { Findings } from './findings.ts'

/**
 * Whether this is the same test failing again in a rerun that began on healthy infrastructure, with the path seen well
 * by ourselves too: what the session says of the moment before isn't enough.
 */
export function failsAgain({ rerun, path }: Pick<Findings, 'rerun' | 'path'>): boolean {
  return rerun.onHealthy && rerun.failedBefore && path.cleared
}
