export type { Populated, ProxyRequest } from './collection.ts'
export type { ConnectionEntry, ConnectionOutcome, LedgerSummary } from './ledger.ts'
export type { LedgerBody, LedgerIndexBody } from './ledger-routes.ts'
export { type ProxyServer, type ProxyServerOptions, startProxyServer } from './server.ts'
