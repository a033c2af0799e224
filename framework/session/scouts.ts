import type { Snapshot } from '#health'

/**
 * Tests that go ahead into an outage, one an outage. That a service is down is the word of one look from beside the
 * application, and the way of that look may be the only thing that is broken: where the entry is well all the same, one test
 * of those that would be blocked finds out. If it passes, the outage is believed no longer, and blocks nothing.
 */
export interface Scouts {
  /** Sends the test, unless the entry is unwell too, or one was sent into each of these outages already. */
  send(testId: string, services: readonly string[], snapshot: Snapshot): boolean
  /** Whether `send` would. */
  maySend(services: readonly string[], snapshot: Snapshot): boolean
  /** A test has ended; most weren't sent. */
  ended(testId: string, passed: boolean): void
  /** The snapshot without what a scout has disproved: nobody knows how that is. */
  believed(snapshot: Snapshot): Snapshot
  /** Forgets the outages that are over: the next one has a scout of its own. */
  forget(isDown: (service: string) => boolean): void
}

export function createScouts(entry: string): Scouts {
  const sent = new Set<string>()
  const disproved = new Set<string>()
  const underWay = new Map<string, readonly string[]>()
  const maySend: Scouts['maySend'] = (services, { targets }) => {
    const views = targets.filter(({ target }) => target === entry)
    const isWell =
      views.length > 0 && views.every(({ status }) => status === 'healthy' || status === 'degraded')
    return isWell && services.some((service) => !sent.has(service))
  }
  return {
    maySend,
    send(testId, services, snapshot) {
      if (!maySend(services, snapshot)) return false
      for (const service of services) sent.add(service)
      underWay.set(testId, services)
      return true
    },
    ended(testId, passed) {
      for (const service of underWay.get(testId) ?? []) if (passed) disproved.add(service)
      underWay.delete(testId)
    },
    believed: (snapshot) => ({
      ...snapshot,
      targets: snapshot.targets.filter(({ target }) => !disproved.has(target)),
    }),
    forget(isDown) {
      for (const service of sent) {
        if (isDown(service)) continue
        sent.delete(service)
        disproved.delete(service)
      }
    },
  }
}
