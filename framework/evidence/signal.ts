export type { FaultFamily, Signal, SignalKind, SignalPhase, SignalRole } from '#run'
