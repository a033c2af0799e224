export * from './abort.ts'
export { conductExperiment } from './conduct.ts'
export * from './define.ts'
export type * from './evidence.ts'
export type {
  CheckedExpectation,
  CheckOutcome,
  Expectation,
  Finding,
  OperationsOptions,
} from './expectation.ts'
export { type BreakerPromise, breaker } from './expectations/breaker.ts'
export {
  breakerSaysSo,
  breakerStaysClosed,
  callsPerOperation,
  connectionsBounded,
  type LetGoPromise,
  type OwnWordPromise,
  type RetryPromise,
  retriesBackOff,
} from './expectations/link.ts'
export type { WantedLink } from './expectations/on-link.ts'
export {
  admittedShare,
  answeredInTime,
  answeredShare,
  correctShare,
  latency,
  usefulShare,
} from './expectations/operations.ts'
export { nothingDoubled, nothingLost, stalenessMarked } from './expectations/values.ts'
export type * from './history.ts'
export type * from './journey.ts'
export { type LoadOptions, type OpenClients, type RunningLoad, startLoad } from './load.ts'
export type { ExperimentPorts } from './ports.ts'
export type * from './progress.ts'
export type { RecoveryBound } from './recovery.ts'
export type * from './result.ts'
