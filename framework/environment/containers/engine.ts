import { deadline, FaultlineError, messageOf, orAbort } from '#core'
import { pick, type Variables } from '../basics.ts'
import { lookForEngines } from './sockets.ts'
import {
  type DockerApi,
  loadTestcontainers,
  type RuntimeClient,
  type Testcontainers,
} from './testcontainers.ts'

const answerLimitMs = 10_000

/** A Docker engine that answers. */
export interface Engine {
  readonly testcontainers: Testcontainers
  readonly client: RuntimeClient
  readonly docker: DockerApi
  readonly version: string
  /** Where published ports are reached. */
  readonly host: string
  /** Whether they are on this machine, and so can be kept off its other networks. */
  readonly isLocal: boolean
}

/** Finds the engine that Testcontainers would use. Throws FL2002 without the package, FL2005 without an engine. */
export async function openEngine(variables: Variables, signal: AbortSignal): Promise<Engine> {
  const testcontainers = await loadTestcontainers()
  const client = await findClient(testcontainers, variables, signal)
  const { host, serverVersion } = client.info.containerRuntime
  const isLocal = host === 'localhost' || host === '127.0.0.1'
  return {
    testcontainers,
    client,
    docker: client.container.dockerode,
    version: String(serverVersion),
    // The name may mean an address of version 6 first, where nothing is published.
    host: isLocal ? '127.0.0.1' : host,
    isLocal,
  }
}

async function findClient(
  testcontainers: Testcontainers,
  variables: Variables,
  signal: AbortSignal,
): Promise<RuntimeClient> {
  using limit = deadline(answerLimitMs, signal)
  try {
    return await orAbort(testcontainers.getContainerRuntimeClient(), limit.signal)
  } catch (cause) {
    signal.throwIfAborted()
    const tries = await lookForEngines(variables)
    throw new FaultlineError(
      'FL2005',
      `no Docker engine answers (${messageOf(cause)}); tried: ${tries.map(({ place, found }) => `${place} (${found})`).join(', ')}`,
      {
        remedy:
          'Start an engine, or name one in DOCKER_HOST; `faultline doctor` says what this machine can do. ' +
          'An embedded environment needs no engine.',
        cause,
      },
    )
  }
}

/** The variables that say which engine is meant: whoever is to find the same one needs them. */
export function engineVariables(variables: Variables): Record<string, string> {
  return pick(variables, [
    'DOCKER_HOST',
    'DOCKER_CONTEXT',
    'DOCKER_CONFIG',
    'DOCKER_TLS_VERIFY',
    'DOCKER_CERT_PATH',
    'TESTCONTAINERS_HOST_OVERRIDE',
    'TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE',
    'XDG_RUNTIME_DIR',
  ])
}

/**
 * Whether Testcontainers' own reaper serves: it asks for an image of its own. Where that can't be had, the keeper
 * alone removes what a run leaves.
 */
export async function hasReaper({ testcontainers, client }: Engine): Promise<boolean> {
  return testcontainers.getReaper(client).then(
    () => true,
    () => false,
  )
}
