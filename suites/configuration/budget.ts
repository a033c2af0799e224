import type { TimeoutBudget } from 'faultline'
import type { Configuration } from '../../fixtures/backend/configuration.ts'

/** Whether the path to the database is a VPC connector that scales, and so may stall a connect for minutes. */
const behindConnector = (environment: string): boolean =>
  environment === 'staging' || environment === 'production'

/** The chat application's configuration in the words of a timeout budget. */
export function budgetOf({
  environment,
  request,
  background,
  pool,
  server,
  idle,
}: Configuration): TimeoutBudget {
  const ofEachService = {
    size: pool.size,
    reserve: pool.reserve,
    instances: server.mostInstances,
  }
  return {
    name: environment,
    request,
    background: { ...background },
    ...(behindConnector(environment) && { slowPath: { outlastMs: 600_000, by: 'connectMs' } }),
    pools: { chat: ofEachService, auth: ofEachService },
    serverConnections: server.connections,
    // The shortest idle timer on the way to Cloud SQL, and from a browser: connection tracking, and the load balancer.
    idle: { ...idle, pathMs: 600_000, databaseKeepAliveMs: pool.keepAliveDelayMs },
  }
}
