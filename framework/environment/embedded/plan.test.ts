import { expect, test } from 'vitest'
import { Secret } from '#core'
import { defineEnvironment, node, postgres, topologyOf } from '../define.ts'
import { given } from '../given.ts'
import { Addresses, type Plan, placesOf, planPorts, proxiesOf } from './plan.ts'

const definition = defineEnvironment({
  services: {
    database: postgres({ version: 18 }),
    app: node('app.ts', { uses: { database: 'DATABASE_URL' } }),
  },
  entry: 'app',
})

async function plan(): Promise<Plan> {
  let next = 100
  return planPorts(definition, topologyOf(definition), { take: async () => next++ })
}

test('every link gets a proxy, and every link behind the application a second one for the agent', async () => {
  const planned = await plan()
  expect(planned.proxies.map(({ name, upstream }) => [name, upstream])).toEqual([
    ['client.app', '127.0.0.1:101'],
    ['app.database', '127.0.0.1:100'],
    ['app.database.agent', '127.0.0.1:100'],
  ])
  expect(proxiesOf(planned, 'app/database')).toEqual(['app.database', 'app.database.agent'])
})

test('a link may be named as one of its clients alone has it', async () => {
  const planned = await plan()
  expect(proxiesOf(planned, 'app/database#app')).toEqual(['app.database'])
  expect(proxiesOf(planned, 'app/database#agent')).toEqual(['app.database.agent'])
})

test('requests are read on links to what speaks HTTP, and on no other', async () => {
  const planned = await plan()
  expect(planned.proxies.map(({ name, protocol }) => [name, protocol])).toEqual([
    ['client.app', 'http'],
    ['app.database', undefined],
    ['app.database.agent', undefined],
  ])
})

test('no port is given twice', async () => {
  const planned = await plan()
  const ports = [...Object.values(planned.servicePorts), ...planned.proxies.map(({ port }) => port)]
  expect(new Set(ports).size).toBe(ports.length)
})

async function addressesOfPlan(): Promise<Addresses> {
  return new Addresses(definition, topologyOf(definition), placesOf(await plan()), new Secret('hush'))
}

test('direct, over the link and over the agent’s twin are three addresses of one service', async () => {
  const addresses = await addressesOfPlan()
  expect([
    addresses.direct('database'),
    addresses.over('app/database'),
    addresses.overAsAgent('app/database'),
  ]).toEqual([
    'postgres://faultline:hush@127.0.0.1:100/app',
    'postgres://faultline:hush@127.0.0.1:103/app',
    'postgres://faultline:hush@127.0.0.1:104/app',
  ])
  expect(addresses.connections().entry).toBe('http://127.0.0.1:102')
})

test('a service’s own address of a database names its sessions, unless the address does so already', async () => {
  const addresses = await addressesOfPlan()
  expect(addresses.overAsService('app/database')).toBe(
    'postgres://faultline:hush@127.0.0.1:103/app?application_name=app',
  )
  const url = 'postgres://127.0.0.1:5432/app?application_name=chat&sslmode=disable'
  const services = { ...definition.services, database: given({ url }) }
  const handed = { ...definition, services }
  const handedIn = new Addresses(handed, topologyOf(handed), placesOf(await plan()), new Secret('hush'))
  expect(new URL(handedIn.overAsService('app/database')).searchParams.getAll('application_name')).toEqual([
    'chat',
  ])
})

test('a link that has a name is gone over by it, by its service and by the agent, and by nobody else', async () => {
  const named = new Set(['app/database'] as const)
  const places = placesOf(await plan())
  const addresses = new Addresses(definition, topologyOf(definition), places, new Secret('hush'), named)
  expect([
    addresses.overAsService('app/database'),
    addresses.overAsAgent('app/database'),
    addresses.over('app/database'),
    addresses.direct('database'),
  ]).toEqual([
    'postgres://faultline:hush@app.database.faultline.test:103/app?application_name=app',
    'postgres://faultline:hush@app.database.agent.faultline.test:104/app',
    'postgres://faultline:hush@127.0.0.1:103/app',
    'postgres://faultline:hush@127.0.0.1:100/app',
  ])
})

test('connections can be printed without their password', async () => {
  const addresses = await addressesOfPlan()
  expect(JSON.stringify(addresses.connections())).not.toContain('hush')
})
