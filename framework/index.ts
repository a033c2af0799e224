export {
  checkTimeoutBudget,
  compareTimeoutBudgets,
  type Disagreement,
  type TimeoutBudget,
} from '#conformance'
export { type Secret, secret } from '#core'
export {
  type ContainersDefinition,
  container,
  containers,
  defineEnvironment,
  type EmbeddedDefinition,
  type EnvironmentDefinition,
  type GivenService,
  given,
  node,
  postgres,
  type RemoteDefinition,
  remote,
  type StartedElsewhere,
} from '#environment'
export {
  type AbortCondition,
  answeredInTime,
  type BreakerPromise,
  breaker,
  correctShare,
  defineExperiment,
  type Expectation,
  type Experiment,
  type JourneyClients,
  type JourneyTools,
  latency,
  nothingDoubled,
  nothingLost,
  type OperationNotes,
  type ReadValues,
  stalenessMarked,
  usefulShare,
  usefulShareBelow,
} from '#experiment'
export type { AlertHandler, HealthChange, HealthStatus } from '#health'
export type { RunReport } from '#report'
export { defineConfig, type FaultlineConfig, type PolicyConfig } from '#settings'
