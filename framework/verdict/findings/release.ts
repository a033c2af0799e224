import type { View } from '../view.ts'

/** Which build of the entry answered during the run. */
export type ReleaseFinding =
  | { readonly state: 'as-expected' | 'unknown' }
  | { readonly state: 'wrong'; readonly expected: string; readonly seen: string }
  | { readonly state: 'changed'; readonly builds: readonly string[] }

export function readRelease(view: View): ReleaseFinding {
  const { evidence, entry } = view
  const expected = evidence.run.release
  const builds = new Set(evidence.releases.map((release) => release.build))
  for (const look of [...view.entryLooks, ...view.edgeLooks])
    if (look.identity?.build !== undefined) builds.add(look.identity.build)
  for (const { exchanges } of evidence.attempts)
    for (const { target, identity } of exchanges)
      if (target === entry && identity?.build !== undefined) builds.add(identity.build)
  if (builds.size > 1) return { state: 'changed', builds: [...builds] }
  const [seen] = builds
  if (seen === undefined) return { state: 'unknown' }
  return expected === undefined || expected === seen
    ? { state: 'as-expected' }
    : { state: 'wrong', expected, seen }
}
