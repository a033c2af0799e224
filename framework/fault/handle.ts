import type { Bit, FaultHandle } from './ports.ts'

/** A handle that undoes once; an undoing that failed is tried again by the next release. */
export function createHandle(undo: () => Promise<void>, bit: () => Promise<Bit>): FaultHandle {
  let released: Promise<void> | undefined
  const release = () => {
    released ??= undo().catch((error: unknown) => {
      released = undefined
      throw error
    })
    return released
  }
  return { release, bit, [Symbol.asyncDispose]: release }
}
