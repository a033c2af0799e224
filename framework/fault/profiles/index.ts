import { cloudSqlProfiles } from './cloud-sql.ts'
import { idleProfiles } from './idle.ts'
import { nameProfiles } from './names.ts'
import { partialProfiles } from './partial.ts'
import type { Profile } from './profile.ts'
import { tailProfiles } from './tail.ts'
import { vpcProfiles } from './vpc.ts'

export type { Basis, Figure } from './figure.ts'
export {
  figuresOf,
  isIllustrative,
  type PlacedFigure,
  type Profile,
  toxicsOfProfile,
} from './profile.ts'
export { describeProfile, listProfiles } from './reference.ts'

/** Every profile, by family. */
export const profiles: readonly Profile[] = [
  ...vpcProfiles,
  ...cloudSqlProfiles,
  ...idleProfiles,
  ...tailProfiles,
  ...partialProfiles,
  ...nameProfiles,
]

export function findProfile(name: string): Profile | undefined {
  return profiles.find((profile) => profile.name === name)
}

/** Whether the profile of this name acts on looking up the far end. */
export function isOnName(name: string): boolean {
  return findProfile(name)?.toxics.some(({ type }) => type === 'dns') === true
}

export function profileNames(): string[] {
  return profiles.map(({ name }) => name)
}
