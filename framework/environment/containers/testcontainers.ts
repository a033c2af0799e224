import { FaultlineError } from '#core'

/** The package `testcontainers`: an optional peer, so that nobody else pays for it. */
export type Testcontainers = typeof import('testcontainers')

export type RuntimeClient = Awaited<ReturnType<Testcontainers['getContainerRuntimeClient']>>

/** The engine's own API, as Testcontainers found it. */
export type DockerApi = RuntimeClient['container']['dockerode']

/** Loads the package. Throws FL2002 where it isn't installed. */
export async function loadTestcontainers(): Promise<Testcontainers> {
  try {
    return await import('testcontainers')
  } catch (cause) {
    throw new FaultlineError('FL2002', 'the package testcontainers is not installed', {
      remedy: 'An environment of containers needs it: npm install --save-dev testcontainers',
      cause,
    })
  }
}
