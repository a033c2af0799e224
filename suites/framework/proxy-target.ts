import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { startProxyServer } from 'faultline/proxy'

/** What one request was answered. `body` is parsed where it is JSON. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: unknown
}

/** The server that the conformance suite looks at. */
export interface Target extends AsyncDisposable {
  readonly url: string
  /** A real Toxiproxy, for which the recorded differences hold. */
  readonly isToxiproxy: boolean
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>
  /** Deletes every proxy. */
  clear(): Promise<void>
}

/**
 * The server at TOXIPROXY_URL; else the binary TOXIPROXY_BINARY, on a free port; else the embedded proxy.
 */
export async function openTarget(): Promise<Target> {
  const { TOXIPROXY_URL: url, TOXIPROXY_BINARY: binary } = process.env
  if (url) return targetAt(url, async () => {})
  if (binary) return startBinary(binary)
  const server = await startProxyServer({ seed: 1 })
  return targetAt(server.url, async () => server[Symbol.asyncDispose]())
}

async function startBinary(binary: string): Promise<Target> {
  const port = await freePort()
  const child: ChildProcess = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], {
    env: { ...process.env, LOG_LEVEL: 'error' },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 200; tries++) {
    if (await call(url, 'GET', '/version').catch(() => undefined)) break
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return targetAt(url, async () => {
    child.kill('SIGKILL')
    await exited
  })
}

async function targetAt(url: string, close: () => Promise<void>): Promise<Target> {
  const { status } = await call(url, 'GET', '/faultline/ledger')
  return {
    url,
    isToxiproxy: status === 404,
    call: (method, path, body, headers) => call(url, method, path, body, headers),
    async clear() {
      const { body } = await call(url, 'GET', '/proxies')
      for (const name of Object.keys(body as object))
        await call(url, 'DELETE', `/proxies/${encodeURIComponent(name)}`)
    },
    [Symbol.asyncDispose]: close,
  }
}

/** A port that nobody held a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** One request, with the path and the body exactly as given: a string is sent as it is, all else as JSON. */
function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent: false })
    request.once('error', reject)
    request.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) }),
      )
    })
    if (body === undefined) request.end()
    else request.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
