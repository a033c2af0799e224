import type { Bit } from './ports.ts'
import type { LedgerIndexBody, LedgerSummary } from './proxy/index.ts'
import type { LinkFaultName } from './spec.ts'

/** What a relay's ledger said just before and just after a fault was put on the proxies before it, and says now. */
export interface RelayLedgers {
  readonly before: LedgerIndexBody
  readonly after: LedgerIndexBody
  readonly now: LedgerIndexBody
}

/**
 * Whether a fault on a Toxiproxy changed a connection, by what the relay behind it saw. Toxiproxy dials as soon as it
 * accepts, and both of its ends speak: what came through while a toxic was on, met it. What a proxy that is down refuses
 * never reaches the relay, so that without a connection to cut this can't be known.
 */
export function bitByRelay(
  fault: LinkFaultName | 'profile',
  proxies: readonly string[],
  ledgers: RelayLedgers,
): Bit {
  const total = (
    ledger: LedgerIndexBody,
    figure: keyof Pick<LedgerSummary, 'accepted' | 'open' | 'bytesDown'>,
  ) => proxies.reduce((sum, proxy) => sum + (ledger[proxy]?.[figure] ?? 0), 0)
  switch (fault) {
    case 'link-down':
      return total(ledgers.before, 'open') > 0 ? true : null
    case 'latency':
    case 'profile':
      return total(ledgers.now, 'bytesDown') > total(ledgers.after, 'bytesDown')
    case 'link-silent':
    case 'reset':
      return total(ledgers.now, 'accepted') > total(ledgers.after, 'accepted')
  }
}
