import { type RequestsBody, startProxyServer } from '#fault'

/** A proxy before `upstreamPort`. */
export async function proxyStage(upstreamPort: number, more: object = {}) {
  const proxy = await startProxyServer({ seed: 5 })
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(proxy.url + path, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(await response.text())
    return response.status === 204 ? undefined : response.json()
  }
  const { listen } = (await call('POST', '/proxies', {
    ...{ name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstreamPort}`, ...more },
  })) as { listen: string }
  return {
    port: Number(listen.split(':').at(-1)),
    toxic: (type: string, attributes: object, stream: string) =>
      call('POST', '/proxies/p/toxics', { type, attributes, stream }),
    /** Takes every toxic away. */
    remove: () => call('POST', '/reset'),
    figures: () => call('GET', '/faultline/ledger'),
    requests: async () => (await call('GET', '/faultline/requests/p')) as RequestsBody,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}
