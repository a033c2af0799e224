import { expect, test } from 'vitest'
import { Secret } from '#core'
import { containers, defineEnvironment, node, problemsOf, topologyOf } from './define.ts'
import { at, container, given, placeOf } from './given.ts'

const started = {
  getId: () => 'abc',
  getHost: () => 'localhost',
  getMappedPort: (port: number) => port + 30_000,
}

test('another place in a URL leaves user, password, path and query as they are', () => {
  expect([
    at({ url: 'postgres://ada:p%40ss@db.test:6432/app?a=1' }, '127.0.0.1:9'),
    at({ url: 'http://shop.test' }, '127.0.0.1:9'),
    at({ url: 'http://shop.test/' }, '127.0.0.1:9'),
    at({ url: 'http://shop.test/v1/' }, '127.0.0.1:9'),
  ]).toEqual([
    'postgres://ada:p%40ss@127.0.0.1:9/app?a=1',
    'http://127.0.0.1:9',
    'http://127.0.0.1:9',
    'http://127.0.0.1:9/v1/',
  ])
})

test('a URL without a port means that of its protocol', () => {
  expect([placeOf({ url: 'http://shop.test/x' }), placeOf({ url: 'postgres://db.test/app' })]).toEqual([
    'shop.test:80',
    'db.test:5432',
  ])
})

test('a started container is reached at its published port, and known by its own', () => {
  const url = new Secret('postgres://ada:pass@any/app')
  const service = container(started, { port: 5432, url, owner: 'platform' })
  expect(service).toMatchObject({ kind: 'given', owner: 'platform', container: { id: 'abc', port: 5432 } })
  expect(service.url).toBeInstanceOf(Secret)
  expect((service.url as Secret).reveal()).toBe('postgres://ada:pass@localhost:35432/app')
})

test('the protocol of a given service is its URL’s', () => {
  const services = {
    database: given({ url: 'postgres://ada:pass@db.test/app' }),
    app: node('app.ts', { uses: { database: 'DATABASE_URL' } }),
  }
  const { database } = topologyOf(defineEnvironment({ entry: 'app', services })).services
  expect(database).toMatchObject({ protocol: 'postgres', owner: 'external', uses: {} })
})

test('what cannot be a given service is named', () => {
  const services = { shop: given({ url: 'ftp://shop.test' }), app: node('app.ts') }
  expect(problemsOf(defineEnvironment({ entry: 'app', services }))).toMatchObject([
    { path: ['services', 'shop', 'url'] },
  ])
  const byUrl = { shop: given({ url: 'http://shop.test' }), app: node('app.ts') }
  expect(problemsOf(containers({ entry: 'app', services: byUrl }))).toMatchObject([
    { path: ['services', 'shop'] },
  ])
})
