import type { Disagreement, IdleBudget, TimeoutBudget } from './budget.ts'
import { mustExceed, named } from './figure.ts'

/**
 * Whoever sends requests closes an idle connection before whoever receives them, or a request meets a connection that is
 * just being closed; and what is idle says something before the path forgets it.
 */
export function idleTimers({ idle = {} }: TimeoutBudget): Disagreement[] {
  const timer = (name: keyof IdleBudget) => named(`idle.${name}`, idle[name])
  const server = timer('serverKeepAliveMs')
  const path = timer('pathMs')
  return [
    ...['gatewayKeepAliveMs', 'clientKeepAliveMs'].flatMap((name) =>
      mustExceed(server, timer(name as keyof IdleBudget), {
        rule: 'keep-alive-race',
        fails: 'closes before',
        remedy: `Raise idle.serverKeepAliveMs above idle.${name}: else a request meets a connection that is being closed (502, ECONNRESET).`,
      }),
    ),
    ...[timer('databaseKeepAliveMs') ?? timer('poolIdleMs'), timer('webSocketPingMs')].flatMap((sign) =>
      mustExceed(path, sign, {
        rule: 'idle-death',
        fails: 'forgets a connection before',
        remedy: `Lower ${sign?.name} below idle.pathMs: else the connection dies in silence, and its next use waits until its limit.`,
      }),
    ),
  ]
}
