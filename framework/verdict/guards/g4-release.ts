import type { Guard } from './guard.ts'

const classes = ['application', 'infrastructure', 'test'] as const

/** G4: with the wrong build deployed, or another one rolled out meanwhile, a failure tells nothing of the change. */
export const oneRelease: Guard = ({ release }) => {
  if (release.state !== 'wrong' && release.state !== 'changed') return []
  const text =
    release.state === 'wrong'
      ? `build ${release.seen} answered, not ${release.expected}`
      : `more than one build answered during the run: ${release.builds.join(', ')}`
  return classes.map((each) => ({ guard: 'G4' as const, class: each, text }))
}
