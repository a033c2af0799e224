import { connect, Socket } from 'node:net'
import { parseHostPort } from './address.ts'

/** Of every socket of the proxy: closed by hand, never delayed, kept alive. */
export const socketOptions = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
} as const

/** Starts to connect; an upstream that has no meaning fails as one that can't be reached, with an `error` event. */
export function dial(upstream: string): Socket {
  try {
    return connect({ ...parseHostPort(upstream), ...socketOptions })
  } catch (error) {
    return new Socket().destroy(error as Error)
  }
}
