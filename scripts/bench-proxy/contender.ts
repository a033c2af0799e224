import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { proxyCommand } from '#fault'

/** A proxy server under measurement, in a process of its own. */
export interface Contender extends AsyncDisposable {
  readonly name: 'faultline' | 'toxiproxy'
  /** Resident memory in bytes. */
  memory(): Promise<number>
  /** Puts a fresh proxy before `port`; gives the port at which it listens. */
  proxy(port: number): Promise<number>
  call(method: string, path: string, body?: unknown): Promise<void>
}

/** The embedded proxy. */
export async function startFaultline(): Promise<Contender> {
  const { file, args } = proxyCommand()
  const child = spawn(file, [...args, '--owned'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return contender('faultline', child, JSON.parse(String(line)).url)
}

/** The real one. */
export async function startToxiproxy(binary: string): Promise<Contender> {
  const port = await freePort()
  const child = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], {
    stdio: 'ignore',
    env: { LOG_LEVEL: 'error' },
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(`${url}/version`).catch(() => undefined)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return contender('toxiproxy', child, url)
}

function contender(name: Contender['name'], child: ChildProcess, url: string): Contender {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${name}: ${method} ${path}: ${response.status} ${text}`)
    return text
  }
  return {
    name,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
    },
    async proxy(port) {
      await call('DELETE', '/proxies/bench').catch(() => {})
      const created = await call('POST', '/proxies', {
        ...{ name: 'bench', listen: '127.0.0.1:0', upstream: `127.0.0.1:${port}` },
      })
      return Number(JSON.parse(created).listen.split(':').at(-1))
    },
    async call(method, path, body) {
      await call(method, path, body)
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
