import { profiles, toxicsOfProfile } from '#fault'
import { type ActingToxic, windowOf } from './acting.ts'
import { type Dependency, dependencies } from './operations.ts'

/** One profile on the link to one dependency, for so many ms. */
export interface Trial {
  readonly profile: string
  readonly hurt: Dependency
  readonly toxics: readonly ActingToxic[]
  readonly windowMs: number
}

/** A profile that isn't put on a link, and why. */
export interface LeftOut {
  readonly profile: string
  readonly hurt: Dependency
  readonly why: string
}

type Protocol = 'postgres' | 'http'

/** Toxics that read what passes, and the protocol that they read. The others don't care. */
const reading: Readonly<Record<string, Protocol>> = {
  reset_after_commit: 'postgres',
  postgres_error: 'postgres',
  postgres_read_only: 'postgres',
  http_response: 'http',
  websocket_close: 'http',
}

const usualMs = 5000

/** Every profile on every link that it can act on. */
export function planTrials(): { trials: Trial[]; leftOut: LeftOut[] } {
  const all = dependencies.flatMap((hurt) =>
    profiles.map((profile) => {
      const toxics = toxicsOfProfile(profile)
      const why = whyLeftOut(toxics, hurt === 'database' ? 'postgres' : 'http')
      return { profile: profile.name, hurt, toxics, windowMs: windowOf(toxics, usualMs), why }
    }),
  )
  return {
    trials: all.filter(({ why }) => why === undefined),
    leftOut: all.flatMap(({ profile, hurt, why }) => (why === undefined ? [] : [{ profile, hurt, why }])),
  }
}

/** Why a profile makes no sense on a link of this protocol; undefined when it does. */
export function whyLeftOut(
  toxics: readonly Pick<ActingToxic, 'type'>[],
  protocol: Protocol,
): string | undefined {
  const blind = toxics.find(({ type }) => (reading[type] ?? protocol) !== protocol)
  return blind && `${blind.type} reads ${reading[blind.type]}, and the link speaks ${protocol}`
}

const quick: readonly (readonly [profile: string, hurt: Dependency])[] = [
  ['cloud-sql-maintenance', 'database'],
  ['reset-after-commit', 'database'],
  ['one-way-silence', 'database'],
  ['security-group-deny', 'auth'],
  ['one-way-silence', 'model'],
  ['one-way-silence', 'analytics'],
]
const quickMs = 3000

/** A few of each kind, each for a short while. */
export function quickTrials(trials: readonly Trial[]): Trial[] {
  return quick.map(([profile, hurt]) => {
    const trial = trials.find((one) => one.profile === profile && one.hurt === hurt)
    if (!trial) throw new Error(`there is no trial of ${profile} on ${hurt}`)
    return { ...trial, windowMs: Math.min(trial.windowMs, quickMs) }
  })
}
