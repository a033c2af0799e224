import { FaultlineError } from '#core'

/**
 * Loads a module that stands on Vitest, which is large and an optional package. Throws FL2002 where it isn't installed.
 */
export async function withVitest<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new FaultlineError('FL2002', 'the package vitest is not installed', {
      remedy: 'Tests and experiments run by it: npm install --save-dev vitest@5',
      cause,
    })
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes("'vitest'")
  )
}
