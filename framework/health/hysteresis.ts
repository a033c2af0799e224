import type { EpochMs } from '#core'
import type { ConnectionKind, Observation } from '#probe'
import { type ConnectionState, endOf, isStale, step, unseen } from './connection.ts'
import type { HealthStatus } from './snapshot.ts'
import type { HealthThresholds } from './thresholds.ts'

/** What all looks at one target, over one link, from one vantage add up to. */
export interface HealthState {
  /** New and kept connections fail apart: a full NAT table kills the one, an idle timer the other. */
  readonly connections: Readonly<Record<ConnectionKind, ConnectionState>>
  readonly status: HealthStatus
  readonly since: EpochMs
  /** When `critical` because one kind of connection is dead while the other serves: which one. */
  readonly deadOn?: ConnectionKind
  readonly reason?: string
}

/** Nobody looked yet. */
export function neverSeen(since: EpochMs): HealthState {
  return { connections: { new: unseen, kept: unseen }, status: 'unknown', since }
}

/** The state after one more look. */
export function observe(before: HealthState, look: Observation, limits: HealthThresholds): HealthState {
  const connections = {
    ...before.connections,
    [look.connection]: step(before.connections[look.connection], look, limits),
  }
  return settle({ ...before, connections }, endOf(look), limits)
}

/** The state at a moment when no look came: what nobody saw for too long is unknown. */
export function age(before: HealthState, at: EpochMs, limits: HealthThresholds): HealthState {
  return settle(before, at, limits)
}

function settle(state: HealthState, at: EpochMs, limits: HealthThresholds): HealthState {
  const { connections, since, status: before } = state
  const { status, deadOn, reason } = assess(connections, at, limits)
  return {
    connections,
    status,
    since: status === before ? since : at,
    ...(deadOn ? { deadOn } : {}),
    ...(reason ? { reason } : {}),
  }
}

interface Assessment {
  readonly status: HealthStatus
  readonly deadOn?: ConnectionKind
  readonly reason?: string
}

function assess(connections: HealthState['connections'], at: EpochMs, limits: HealthThresholds): Assessment {
  const seen = (['new', 'kept'] as const)
    .map((kind) => ({ kind, ...connections[kind] }))
    .filter((connection) => connection.mode !== 'unseen' && !isStale(connection, at, limits))
  const find = (mode: ConnectionState['mode']) => seen.find((connection) => connection.mode === mode)

  const dead = find('dead')
  if (dead && seen.every((connection) => connection.mode === 'dead'))
    return { status: 'unavailable', reason: dead.reason }
  if (dead)
    return { status: 'critical', deadOn: dead.kind, reason: `${dead.reason} on ${dead.kind} connections` }
  const unwell = find('unwell')
  if (unwell) return { status: 'critical', reason: unwell.reason }
  const limping = find('limping')
  if (limping) return { status: 'degraded', reason: limping.reason }
  const recovering = find('recovering')
  if (recovering) return { status: 'recovering', reason: `after ${recovering.reason}` }
  return { status: seen.length > 0 ? 'healthy' : 'unknown' }
}
