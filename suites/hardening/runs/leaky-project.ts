import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type CommandResult, faultline, root } from '../../gate/gate-command.ts'
import type { Canaries } from './canaries.ts'

export interface LeakyProject extends AsyncDisposable {
  readonly folder: string
  faultline(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>
}

/** The project in `leaky/`, with these secrets in every place where people have some, and a rude server beside it: in a folder of its own, or `at` one. */
export async function leakyProject(canaries: Canaries, at?: string): Promise<LeakyProject> {
  await using opening = new AsyncDisposableStack()
  const folder = at ?? (await mkdtemp(path.join(tmpdir(), 'faultline-leaky-')))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  await cp(path.join(import.meta.dirname, '../leaky'), folder, { recursive: true })
  await mkdir(path.join(folder, 'node_modules'))
  for (const [name, target] of [
    ['faultline', root],
    ['vitest', path.join(root, 'node_modules/vitest')],
  ] as const)
    await symlink(target, path.join(folder, 'node_modules', name))
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const rude = opening.use(await startRude(canaries))
  const variables = {
    PLANT: JSON.stringify(canaries),
    OWN_TOKEN: canaries.ownVariable,
    INHERITED_TOKEN: canaries.inheritedVariable,
    RUDE_PORT: String(rude.port),
  }
  const stack = opening.move()
  return {
    folder,
    faultline: (args, env = {}) => faultline(args, { ...variables, ...env }, folder),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Answers whatever it gets, PostgreSQL or HTTP, with an error that holds every secret that somebody tells it. */
async function startRude(canaries: Canaries): Promise<{ port: number } & AsyncDisposable> {
  const { databasePassword, probePassword, probeQuery, agentToken, eventsHeader } = canaries
  const local = [databasePassword, probePassword, probeQuery].join(' ')
  const all = [local, agentToken, eventsHeader].join(' ')
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.once('data', (bytes) => {
      const isHttp = /^[A-Z]/.test(bytes.toString('latin1'))
      socket.end(isHttp ? httpRefusal(all) : postgresRefusal(local))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function httpRefusal(told: string): string {
  return `HTTP/1.1 418 ${told}\r\nX-Build: ${told}\r\nContent-Length: ${told.length}\r\nConnection: close\r\n\r\n${told}`
}

function postgresRefusal(told: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C28P01\0Mnot with ${told}\0DKey (password)=(${told})\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
