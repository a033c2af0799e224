import type { ProxyCollection } from './collection.ts'
import type { ConnectionEntry, LedgerSummary } from './ledger.ts'
import type { RequestEntry } from './request-log.ts'
import { type Route, route } from './routes.ts'
import { furtherToxics } from './toxics/index.ts'

/** `GET /faultline/ledger`: the figures of every proxy, by name. */
export type LedgerIndexBody = Readonly<Record<string, LedgerSummary>>

/** `GET /faultline/ledger/{proxy}`: the last connections of one proxy, oldest first. */
export type LedgerBody = readonly ConnectionEntry[]

/** `GET /faultline/requests/{proxy}`: the last requests of one proxy, oldest first; empty unless its protocol is http. */
export type RequestsBody = readonly RequestEntry[]

/** `GET /faultline`: what this proxy can do that a Toxiproxy can't. */
export interface FeaturesBody {
  /** Names of toxic types. */
  readonly toxics: readonly string[]
  /** Decides every draw: give it again to replay them. */
  readonly seed: number
}

/** What goes beyond Toxiproxy lives under one path of its own. */
export function ledgerRoutes(proxies: ProxyCollection, seed: number): Route[] {
  return [
    route('Features', 'GET', 'faultline', () => {
      const body: FeaturesBody = { toxics: [...furtherToxics], seed }
      return { status: 200, body }
    }),
    route('Requests', 'GET', 'faultline/requests/*', ({ params: [name] }) => ({
      status: 200,
      body: proxies.get(name!).requests.entries(),
    })),
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
