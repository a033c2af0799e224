import type { Exchange, Signal } from '#evidence'
import { isAssertion, type ThrownError } from './errors.ts'

/** The low-level facts of an attempt's errors, first error first. */
export function signalsOf(_thrown: readonly ThrownError[], _exchanges: readonly Exchange[]): Signal[] {
  return []
}

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  return !isAssertion(error)
}
