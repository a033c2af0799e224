import type { ProxyCollection } from './collection.ts'
import type { ConnectionEntry, LedgerSummary } from './ledger.ts'
import { type Route, route } from './routes.ts'

/** `GET /faultline/ledger`: the figures of every proxy, by name. */
export type LedgerIndexBody = Readonly<Record<string, LedgerSummary>>

/** `GET /faultline/ledger/{proxy}`: the last connections of one proxy, oldest first. */
export type LedgerBody = readonly ConnectionEntry[]

/** What goes beyond Toxiproxy lives under one path of its own. */
export function ledgerRoutes(proxies: ProxyCollection): Route[] {
  return [
    route('LedgerIndex', 'GET', 'faultline/ledger', () => ({
      status: 200,
      body: Object.fromEntries(proxies.all().map((proxy) => [proxy.name, proxy.summary()])),
    })),
    route('LedgerShow', 'GET', 'faultline/ledger/*', ({ params: [name] }) => ({
      status: 200,
      body: proxies.get(name!).ledger.entries(),
    })),
  ]
}
