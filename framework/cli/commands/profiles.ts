import { type ExitCode, exitCode, FaultlineError, nearest } from '#core'
import { profiles as all, describeProfile, findProfile, listProfiles, profileNames } from '#fault'
import type { CommandContext } from '../context.ts'

/** `faultline profiles`: the trouble that can be put on a link; with a name, all about one. */
export async function profiles(context: CommandContext, name: string | undefined): Promise<ExitCode> {
  context.out(name === undefined ? listProfiles(all) : describeProfile(required(name)))
  return exitCode.pass
}

function required(name: string) {
  const profile = findProfile(name)
  if (profile) return profile
  const meant = nearest(name, profileNames())
  throw new FaultlineError('FL1004', `There is no profile "${name}"`, {
    remedy: meant === undefined ? '`faultline profiles` lists them' : `did you mean "${meant}"?`,
  })
}
