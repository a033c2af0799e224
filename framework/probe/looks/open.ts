import type { OpenChannel } from '../channel.ts'
import type { ProbeProtocol } from '../target.ts'

/** Loaded when first used: a process that never looks at a database never loads a driver. */
const openers: Readonly<Record<ProbeProtocol, () => Promise<OpenChannel>>> = {
  http: async () => (await import('./http.ts')).openHttp,
  postgres: async () => (await import('./postgres.ts')).openPostgres,
  tcp: async () => (await import('./tcp.ts')).openTcp,
  tls: async () => (await import('./tcp.ts')).openTcp,
  dns: async () => (await import('./dns.ts')).openDns,
  custom: async () => (await import('./custom.ts')).openCustom,
  websocket: async () => (await import('./websocket.ts')).openWebSocket,
}

export function openerFor(protocol: ProbeProtocol): Promise<OpenChannel> {
  return openers[protocol]()
}
