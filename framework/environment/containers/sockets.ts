import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Variables } from '../basics.ts'

const pingLimitMs = 2_000

/** One place where a Docker engine may be, and what was found there. */
export interface EngineTry {
  readonly place: string
  readonly found: string
}

/** Looks at every place where Testcontainers looks for an engine, in its order: for people, when it found none. */
export async function lookForEngines(variables: Variables): Promise<EngineTry[]> {
  const host = variables['DOCKER_HOST']
  const named: EngineTry = { place: 'DOCKER_HOST', found: host ? `${host}: no answer` : 'not set' }
  if (process.platform === 'win32') return [named, { place: '//./pipe/docker_engine', found: 'no answer' }]
  const folder = variables['XDG_RUNTIME_DIR']
  const sockets = [
    '/var/run/docker.sock',
    ...(folder ? [join(folder, 'docker.sock')] : []),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    `/run/user/${process.getuid?.()}/docker.sock`,
  ]
  const tries = [...new Set(sockets)].map(async (place) => ({ place, found: await ping(place) }))
  return [named, ...(await Promise.all(tries))]
}

function ping(socketPath: string): Promise<string> {
  if (!existsSync(socketPath)) return Promise.resolve('no such socket')
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: pingLimitMs }, (response) => {
      response.resume()
      resolve(response.statusCode === 200 ? 'answers' : `HTTP ${response.statusCode}`)
    })
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${pingLimitMs} ms`)))
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    asked.end()
  })
}
