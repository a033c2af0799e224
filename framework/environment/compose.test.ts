import { expect, test } from 'vitest'
import { compose } from './compose.ts'
import { containers, defineEnvironment, node, problemsOf, topologyOf } from './define.ts'

const services = {
  ...compose('compose.yaml', {
    database: { service: 'db', port: 5432, url: 'postgres://ada:pass@any/app', owner: 'platform' },
    search: { port: 9200 },
  }),
  app: node('app.ts', { uses: { database: 'DATABASE_URL', search: 'SEARCH_URL' } }),
}

test('a service of a compose file keeps its name there, and speaks what its URL says', () => {
  expect(services.database.service).toBe('db')
  expect(services.search.service).toBe('search')
  expect(topologyOf(containers({ entry: 'app', services })).services).toMatchObject({
    database: { protocol: 'postgres', owner: 'platform' },
    search: { protocol: 'http', owner: 'external' },
  })
})

test('a compose file is refused in an environment of child processes', () => {
  expect(problemsOf(containers({ entry: 'app', services }))).toEqual([])
  expect(problemsOf(defineEnvironment({ entry: 'app', services }))).toMatchObject([
    { path: ['services', 'database'], message: expect.stringContaining('containers(') },
    { path: ['services', 'search'] },
  ])
})

test('two compose files in one environment are refused', () => {
  const two = { ...services, ...compose('other.yaml', { cache: { port: 80 } }) }
  expect(problemsOf(containers({ entry: 'app', services: two }))).toEqual([
    { path: ['services'], message: 'one compose file an environment, not compose.yaml and other.yaml' },
  ])
})
