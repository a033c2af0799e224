import { expect, test } from 'vitest'
import { linksOf } from '#topology'
import { defineEnvironment, node, postgres, problemsOf, remote, topologyOf } from './define.ts'

const chat = defineEnvironment({
  services: {
    database: postgres({ version: 18 }),
    model: node('model.ts', { owner: 'external', egress: 'internet' }),
    app: node('app.ts', {
      uses: { database: 'DATABASE_URL', model: { variable: 'MODEL_URL', need: 'optional' } },
    }),
  },
  entry: 'app',
})

test('a use is required unless it says otherwise', () => {
  expect(linksOf(topologyOf(chat)).map(({ name, need }) => [name, need])).toEqual([
    ['client/app', 'required'],
    ['app/database', 'required'],
    ['app/model', 'optional'],
  ])
})

test('owner, protocol and egress follow from the kind of service unless they are given', () => {
  const { services } = topologyOf(chat)
  expect(services['database']).toMatchObject({ owner: 'platform', protocol: 'postgres', egress: 'default' })
  expect(services['model']).toMatchObject({ owner: 'external', protocol: 'http', egress: 'internet' })
  expect(services['app']).toMatchObject({ owner: 'sut', protocol: 'http', egress: 'default' })
})

test('a remote environment has the topology of the embedded one that it was written after', () => {
  const staging = remote({
    services: {
      database: { owner: 'platform', protocol: 'postgres' },
      model: { owner: 'external', protocol: 'http', egress: 'internet' },
      app: {
        owner: 'sut',
        protocol: 'http',
        url: 'https://chat.example',
        uses: { database: 'required', model: 'optional' },
      },
    },
    entry: 'app',
  })
  expect(topologyOf(staging)).toEqual(topologyOf(chat))
  expect(problemsOf(staging)).toEqual([])
})

test('a definition is plain JSON', () => {
  expect(JSON.parse(JSON.stringify(chat))).toEqual(chat)
})

test('a remote environment refuses faults unless it allows them', () => {
  const services = { app: { owner: 'sut', protocol: 'http', url: 'https://chat.example' } } as const
  expect(remote({ services, entry: 'app' }).faults).toBe('refused')
})

test('everything that is wrong is said at once, and where', () => {
  const definition = defineEnvironment({
    services: {
      client: postgres({ version: 18 }),
      App: node('app.ts', { uses: { App: 'SELF_URL', cache: 'CACHE_URL' } }),
    },
    entry: 'app',
  })
  expect(problemsOf(definition).map(({ path }) => path.join('.'))).toEqual([
    'entry',
    'services.client',
    'services.App',
    'services.App.uses.App',
    'services.App.uses.cache',
  ])
})

test('the entry of a remote environment needs a URL', () => {
  const definition = remote({ services: { app: { owner: 'sut', protocol: 'http' } }, entry: 'app' })
  expect(problemsOf(definition)).toMatchObject([{ path: ['services', 'app', 'url'] }])
})
