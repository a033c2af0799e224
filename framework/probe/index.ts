export { type Agent, startAgent } from './agent/agent.ts'
export { type AgentClient, type AgentOptions, connectAgent } from './agent/client.ts'
export { agentCommand } from './agent/command.ts'
export { type AgentConfig, checkAgentConfig } from './agent/config.ts'
export type { LookMark } from './agent/memory.ts'
export type { AgentTarget } from './agent/protocol.ts'
export { runAgent } from './agent/run.ts'
export type { Finding } from './finding.ts'
export { type LagSamplerOptions, startLagSampler } from './lag.ts'
export type { CustomLook } from './looks/custom.ts'
export * from './observation.ts'
export { type ConnectionKind, createProber, type Prober } from './prober.ts'
export { runnerCommand } from './runner.ts'
export { renderObservations } from './table.ts'
export {
  type LookLimits,
  type ProbeProtocol,
  type ProbeTarget,
  shownAddress,
  type TargetName,
  targetKey,
} from './target.ts'
