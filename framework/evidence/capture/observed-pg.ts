import { AsyncLocalStorage } from 'node:async_hooks'
import { now } from '#core'
import type { Exchange } from '../exchange.ts'
import { signalsOfError } from '../signals/error.ts'
import { firstCause } from '../signals/order.ts'
import { sqlOperation } from './operation.ts'

type Call = (...args: readonly unknown[]) => unknown
type Done = (error: unknown) => void

/** What of a `pg` Client, Pool or pooled client is observed. */
export interface PgLike {
  query(...args: never[]): unknown
  connect(...args: never[]): unknown
}

/**
 * The same client, noting each query and each connect that fails; also of the clients that a pool hands out. The client
 * itself stays as it is, so that a pool's own use of its clients isn't counted twice. An exchange belongs to
 * whoever called: a pool runs queued queries in somebody else's context.
 */
export function observePg<T extends PgLike>(
  client: T,
  note: (exchange: Exchange) => void,
  about: { readonly target?: string; readonly host?: string } = {},
): T {
  const observed: Partial<Record<PropertyKey, Call>> = {
    query: (...args) =>
      isStream(args[0])
        ? callOf(client, 'query')(...args)
        : watched('query', sqlOperation(sqlOf(args[0])), args),
    connect: (...args) => watched('connect', 'CONNECT', args),
  }

  function watched(method: 'query' | 'connect', operation: string, args: readonly unknown[]): unknown {
    const from = now()
    const here = AsyncLocalStorage.snapshot()
    const done: Done = (error) => {
      if (method === 'connect' && !error) return
      here(note, { protocol: 'postgres', operation, ...about, from, to: now(), ...endOf(error) })
    }
    const handOut = (value: unknown) =>
      method === 'connect' && isPgLike(value) ? observePg(value, note, about) : value
    const last = args.at(-1)
    if (typeof last === 'function') {
      const call = last as Call
      const callback: Call = (error, value, ...rest) => {
        done(error)
        return call(error, handOut(value), ...rest)
      }
      return callOf(client, method)(...args.slice(0, -1), callback)
    }
    const result = callOf(client, method)(...args)
    if (!(result instanceof Promise)) return result
    return result.then(
      (value: unknown) => {
        done(undefined)
        return handOut(value)
      },
      (error: unknown) => {
        done(error)
        throw error
      },
    )
  }

  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      return observed[key] ?? value.bind(target)
    },
  })
}

function callOf(client: PgLike, method: 'query' | 'connect'): Call {
  return (client[method] as Call).bind(client)
}

function isPgLike(value: unknown): value is PgLike {
  return typeof value === 'object' && value !== null && 'query' in value && 'connect' in value
}

/** Cursors and query streams are submitted as they are. */
function isStream(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'submit' in query
}

function sqlOf(query: unknown): string {
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : query
  return typeof text === 'string' ? text : ''
}

/** States that say that the server can't serve, not that it answered a statement with an error. */
const outOfService = /^(?:08|53|57|58|XX|28|25006|40003)/

function endOf(error: unknown): Pick<Exchange, 'outcome' | 'code' | 'wellFormed'> {
  if (!error) return { outcome: 'ok', wellFormed: true }
  const cause = firstCause(signalsOfError(error))
  const isAnswer = cause?.kind === 'sqlstate' && !outOfService.test(cause.code)
  return {
    outcome: isAnswer ? 'ok' : 'failed',
    ...(cause ? { code: cause.code } : {}),
    ...(isAnswer ? { wellFormed: true } : {}),
  }
}
