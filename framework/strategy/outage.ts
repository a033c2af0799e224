import type { EpochMs } from '#core'

/** A span in which required services are down, and how long tests wait for its end. */
export interface Outage {
  /** Those of its services that are still down, or came back a short while ago. */
  readonly services: readonly string[]
  /** Since when those are back that are. */
  readonly backSince: Readonly<Record<string, EpochMs>>
  readonly since: EpochMs
  /** No test waits longer than this, however many are blocked. */
  readonly waitUntil: EpochMs
}

/** The outages that go on now. Plain data; every step gives a new one. */
export type OutageLedger = readonly Outage[]

export const noOutages: OutageLedger = []

/**
 * Notes that a test is blocked by these services, and says until when it waits; a moment that has passed means not at all.
 *
 * The first test of an outage opens the wait, and whoever comes meanwhile shares it; after its end nobody waits for that
 * outage again. A service that goes down while there is a wait joins it, since one cause takes down several.
 */
export function joinOutage(
  ledger: OutageLedger,
  blocked: {
    readonly services: readonly string[]
    readonly at: EpochMs
    readonly recoveryWaitMs: number
  },
): { readonly ledger: OutageLedger; readonly waitUntil: EpochMs } {
  const { services, at, recoveryWaitMs } = blocked
  const isNoted = (service: string) => ledger.some((outage) => outage.services.includes(service))
  const added = services.filter((service) => !isNoted(service))
  const next = added.length === 0 ? ledger : note(ledger, added, at, recoveryWaitMs)
  const ends = next
    .filter((outage) => outage.services.some((service) => services.includes(service)))
    .map((outage) => outage.waitUntil)
  return { ledger: next, waitUntil: Math.max(...ends, -Infinity) }
}

/**
 * Takes services that have been back for `calmMs` out of their outages: their next outage is a new one, with a wait of its own. What
 * goes down again before that is in the same outage still, or tests would wait anew each time that a service starts and fails.
 */
export function endOutages(
  ledger: OutageLedger,
  { isDown, at, calmMs }: { isDown: (service: string) => boolean; at: EpochMs; calmMs: number },
): OutageLedger {
  const next = ledger.map(({ services, backSince, ...outage }) => {
    const rest = services.filter((service) => at - (backSince[service] ?? at) < calmMs)
    const back = rest.filter((service) => !isDown(service))
    return {
      ...outage,
      services: rest,
      backSince: Object.fromEntries(back.map((service) => [service, backSince[service] ?? at])),
    }
  })
  return next.filter((outage) => outage.services.length > 0)
}

function note(ledger: OutageLedger, added: readonly string[], at: EpochMs, waitMs: number): OutageLedger {
  const waiting = ledger.find((outage) => outage.waitUntil > at)
  if (!waiting) return [...ledger, { services: added, backSince: {}, since: at, waitUntil: at + waitMs }]
  const joined = { ...waiting, services: [...waiting.services, ...added] }
  return ledger.map((outage) => (outage === waiting ? joined : outage))
}
