export { type Secret, secret } from '#core'
export {
  type ContainersDefinition,
  containers,
  defineEnvironment,
  type EmbeddedDefinition,
  type EnvironmentDefinition,
  node,
  postgres,
  type RemoteDefinition,
  remote,
} from '#environment'
export type { AlertHandler, HealthChange, HealthStatus } from '#health'
export type { RunReport } from '#report'
export { defineConfig, type FaultlineConfig, type PolicyConfig } from '#settings'
