import { expect, test } from 'vitest'
import type { TimeoutBudget } from './budget.ts'
import { checkTimeoutBudget } from './check.ts'

/** A deployment behind a connector that scales, where all agrees. */
const sound: TimeoutBudget = {
  name: 'staging',
  request: {
    clientMs: 15_000,
    gatewayMs: 10_000,
    serverMs: 8_000,
    calls: { auth: { timeoutMs: 2_000, attempts: 3, backOffMs: 600 } },
    poolAcquireMs: 3_000,
    queryMs: 2_500,
    statementMs: 2_000,
  },
  background: { connectMs: 600_000 },
  slowPath: { outlastMs: 600_000, by: 'connectMs' },
  pools: { app: { size: 10, reserve: 5, instances: 4 }, auth: { size: 10 } },
  serverConnections: 97,
  idle: {
    pathMs: 350_000,
    gatewayKeepAliveMs: 60_000,
    clientKeepAliveMs: 4_000,
    serverKeepAliveMs: 65_000,
    databaseKeepAliveMs: 30_000,
    webSocketPingMs: 25_000,
  },
}

test('finds nothing where all agrees', () => {
  expect(checkTimeoutBudget(sound)).toEqual([])
})

test('finds nothing where nothing is declared', () => {
  expect(checkTimeoutBudget({ name: 'unknown', request: {} })).toEqual([])
})

const request = (change: Partial<TimeoutBudget['request']>): TimeoutBudget => ({
  ...sound,
  request: { ...sound.request, ...change },
})
const idle = (change: TimeoutBudget['idle']): TimeoutBudget => ({
  ...sound,
  idle: { ...sound.idle, ...change },
})

test.for<[string, TimeoutBudget, string, string, string]>([
  [
    'a client that gives up first',
    request({ clientMs: 9_000 }),
    'nesting',
    'request.clientMs',
    'request.gatewayMs',
  ],
  [
    'layers that end together',
    request({ gatewayMs: 8_000 }),
    'nesting',
    'request.gatewayMs',
    'request.serverMs',
  ],
  [
    'retries that outlast the server',
    request({ calls: { auth: { timeoutMs: 3_000, attempts: 3 } } }),
    'nesting',
    'request.serverMs',
    'request.calls.auth.timeoutMs × 3 request.calls.auth.attempts',
  ],
  [
    'a wait and a statement that together outlast the server',
    request({ poolAcquireMs: 6_000 }),
    'nesting',
    'request.serverMs',
    'request.poolAcquireMs + request.queryMs',
  ],
  [
    'a wait for a connection shorter than the statement that holds it',
    request({ poolAcquireMs: 1_500 }),
    'nesting',
    'request.poolAcquireMs',
    'request.statementMs',
  ],
  [
    'a statement that goes on after its client has gone',
    request({ queryMs: 1_000 }),
    'nesting',
    'request.queryMs',
    'request.statementMs',
  ],
  [
    'a layer that is missing between two that disagree',
    { ...sound, request: { clientMs: 8_000, serverMs: 8_000 } },
    'nesting',
    'request.clientMs',
    'request.serverMs',
  ],
  [
    'the long connect limit on what a person waits for',
    request({ clientMs: 600_000 }),
    'patience',
    'patienceMs',
    'request.clientMs',
  ],
  [
    'a background connect that gives up before its connector has scaled',
    { ...sound, background: { connectMs: 60_000 } },
    'slow-path',
    'background.connectMs',
    'slowPath.outlastMs',
  ],
  [
    'the long limit where no connector asks for it',
    { ...sound, background: { connectMs: 600_000, importMs: 600_000 } },
    'slow-path',
    'a wait for a slow path',
    'background.importMs',
  ],
  ['a limit of 0, which is none', request({ statementMs: 0 }), 'bounded', 'request.statementMs', 'no limit'],
  [
    'more connections than the server has',
    { ...sound, serverConnections: 69 },
    'connections',
    'serverConnections',
    "app's 4 × (10 + 5) + auth's 1 × (10 + 0)",
  ],
  [
    'a server that closes under its load balancer',
    idle({ serverKeepAliveMs: 5_000 }),
    'keep-alive-race',
    'idle.serverKeepAliveMs',
    'idle.gatewayKeepAliveMs',
  ],
  [
    'a socket that the path forgets between two pings',
    idle({ webSocketPingMs: 400_000 }),
    'idle-death',
    'idle.pathMs',
    'idle.webSocketPingMs',
  ],
  [
    'a pool that keeps connections which the path has forgotten',
    { ...sound, idle: { pathMs: 350_000, poolIdleMs: 600_000 } },
    'idle-death',
    'idle.pathMs',
    'idle.poolIdleMs',
  ],
])('names both figures of %s', ([, budget, rule, greater, lesser]) => {
  const found = checkTimeoutBudget(budget)
  expect(found.map((each) => [each.rule, each.between[0].name, each.between[1].name])).toEqual([
    [rule, greater, lesser],
  ])
})

test('says both values, where each was read, and what to do', () => {
  const [found] = checkTimeoutBudget(
    request({
      gatewayMs: { value: 30_000, from: 'gateway.yaml' },
      clientMs: { value: 20_000, from: 'app.ts' },
    }),
  )
  expect(found?.message).toBe(
    'request.clientMs (20,000 ms, app.ts) does not outlast request.gatewayMs (30,000 ms, gateway.yaml)',
  )
  expect(found?.remedy).toContain('Raise request.clientMs or lower request.gatewayMs')
})
