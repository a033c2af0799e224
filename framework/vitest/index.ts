export type { ServiceAddress, WorkerSettings } from '#run'
export { TimeLimitMet } from '#run'
export { ChaosTest, type HoldOptions } from './chaos-test.ts'
export * from './classes.ts'
export * from './describe-with.ts'
export { type FaultlineFixtures, needing, type RunningTest, test } from './fixtures.ts'
export { InfrastructureAwareTest, type TestClass, type TestInit } from './infrastructure-aware-test.ts'
export { createPlugin, faultline, type StartPlainRun } from './plugin.ts'
export { page } from './powers/browser.ts'
export { type DatabaseOptions, database, db } from './powers/database.ts'
export { type Http, http, type Reply, type RequestOptions, UnexpectedStatus } from './powers/http.ts'
export * from './powers/power.ts'
export {
  type ConnectOptions,
  type NextOptions,
  SocketClosed,
  type SocketEnd,
  type TestSocket,
  type WebSockets,
  ws,
} from './powers/web-socket.ts'
