import { expect, test } from 'vitest'
import { containers, node, postgres, topologyOf } from '../define.ts'
import { placesInside, placesOutside, planProxies } from './places.ts'

const definition = containers({
  entry: 'app',
  services: {
    database: postgres({ version: 18 }),
    app: node('app.ts', { uses: { database: 'DATABASE_URL' } }),
  },
})
const proxies = planProxies(topologyOf(definition), definition.services)
const started = (host: string) => ({ id: host, place: (port: number) => `${host}:${port}` })

test('proxies are named as in an embedded environment, each with a port of its own', () => {
  expect(proxies.map(({ name, port, service }) => [name, port, service])).toEqual([
    ['client.app', 10_001, 'app:8080'],
    ['app.database', 10_002, 'database:5432'],
    ['app.database.agent', 10_003, 'database:5432'],
  ])
})

test('the relay reads requests on links to what speaks HTTP, and on no other', () => {
  expect(proxies.map(({ name, protocol }) => [name, protocol])).toEqual([
    ['client.app', 'http'],
    ['app.database', undefined],
    ['app.database.agent', undefined],
  ])
})

test('inside the network everything is reached by name', () => {
  const inside = placesInside(definition.services, proxies)
  expect(inside.service('database')).toBe('database:5432')
  expect(inside.proxy('app.database.agent')).toBe('toxiproxy.faultline:10003')
})

test('from outside the agent’s own proxies are not reached', () => {
  const parts = { toxiproxy: started('toxiproxy'), services: { app: started('app') } }
  const outside = placesOutside(definition.services, proxies, parts)
  expect(outside.service('app')).toBe('app:8080')
  expect(outside.proxy('app.database')).toBe('toxiproxy:10002')
  expect(outside.proxy('app.database.agent')).toBeUndefined()
})
