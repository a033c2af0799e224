export * from './alerts.ts'
export {
  type AgentChange,
  type Monitor,
  type MonitorConfig,
  type MonitorOptions,
  monitorCommand,
  startMonitor,
} from './monitor/client.ts'
export * from './overview.ts'
export * from './snapshot.ts'
export * from './thresholds.ts'
export { createHealthTracker, type HealthTracker, type View } from './tracker.ts'
