import { expect, test } from 'vitest'
import { FaultlineError } from '#core'
import { namedLinksOf, parseFault } from '#fault'
import type { Service, Topology } from '#topology'

const service = (name: string, uses: Service['uses'] = {}): Service => ({
  ...{ name, owner: 'sut', protocol: 'http', uses, egress: 'vpc' },
})
const topology: Topology = {
  entry: 'app',
  services: {
    app: service('app', { database: 'required', model: 'optional' }),
    database: service('database'),
    model: service('model'),
  },
}

test.each([
  ['link-down@app/database', 0, null],
  ['link-down@app/database:0s-6s', 0, 6000],
  ['link-silent@client/app:5s-', 5000, null],
  ['reset@app/model:500ms-2m', 500, 120_000],
  ['link-down@app/database:900s-901s', 900_000, 901_000],
])('%s is on from %i to %s ms', (text, fromMs, toMs) => {
  expect(parseFault(text, topology).window).toMatchObject({ kind: 'span', fromMs, toMs })
})

test.each(['profile:cloud-nat-idle@app/database:1s-', 'cloud-nat-idle@app/database:1s-'])(
  '%s is a profile on a link',
  (text) => {
    expect(parseFault(text, topology)).toMatchObject({
      ...{ fault: 'profile', profile: 'cloud-nat-idle', window: { fromMs: 1000 } },
      target: { kind: 'link', name: 'app/database' },
    })
  },
)

test.each(['app/database#app', 'app/database#agent'])('%s is a link as one client has it', (name) => {
  expect(parseFault(`link-down@${name}`, topology).target).toEqual({ kind: 'link', name })
})

test('a profile that isn’t there is told with the one that was probably meant', () => {
  expect(() => parseFault('profile:cloud-nat-idl@app/database', topology)).toThrow('cloud-nat-idle')
})

test.each(['client/app', 'runner/network'])('%s has no name that could be gone', (link) => {
  expect(() => parseFault(`dns-nxdomain@${link}`, topology)).toThrow('by address, not by name')
})

test('links need names where a fault acts on looking one up, whoever’s it is', () => {
  const faults = [
    'dns-slow@app/model#agent:before',
    'dns-nxdomain@app/database',
    'syn-blackhole@app/model',
    'link-down@client/app',
    'stopped@database',
  ]
  const specs = faults.map((text) => parseFault(text, topology))
  expect([...namedLinksOf(specs)]).toEqual(['app/model', 'app/database'])
})

test('a fault without a window names the window that it has', () => {
  expect(parseFault('link-down@app/database', topology).window.text).toBe('0s-')
})

test('a fault may be on before the run', () => {
  expect(parseFault('stopped@database:before', topology)).toEqual({
    text: 'stopped@database:before',
    fault: 'stopped',
    target: { kind: 'service', name: 'database' },
    window: { kind: 'before', text: 'before' },
  })
})

test.each(['latency=200@app/model', 'latency=200ms@app/model', 'latency=0.2s@app/model:1s-2s'])(
  '%s is a latency of 200 ms',
  (text) => {
    expect(parseFault(text, topology)).toMatchObject({ fault: 'latency', amountMs: 200 })
  },
)

test('the runner’s own network is a link that everything it reaches goes over', () => {
  expect(parseFault('link-silent@runner/network:0s-2s', topology).target).toEqual({
    kind: 'link',
    name: 'runner/network',
  })
})

test.each(['frozen@agent', 'killed@monitor', 'restarted@app', 'cpu@runner'])('%s is a fault', (text) => {
  expect(parseFault(text, topology).text).toBe(text)
})

test.each([
  ['link-dwn@app/database', /unknown fault "link-dwn"; did you mean "link-down"\?/],
  ['link-down@app/databse', /unknown link "app\/databse"; did you mean "app\/database"\?/],
  ['link-down@database', /unknown link "database"/],
  ['stopped@databas', /unknown service "databas"; did you mean "database"\?/],
  ['cpu@app', /unknown runner "app"/],
  ['link-down@app/database:6s-0s', /ends before it begins/],
  ['link-down@app/database:6-9', /"6" is no duration/],
  ['link-down@app/database:later', /none of FROM-TO, FROM- and before/],
  ['latency@app/model', /say how much latency/],
  ['link-down=5@app/model', /takes no amount/],
  ['link-down', /doesn't read as/],
  ['', /doesn't read as/],
])('%j is refused, and the message says why', (text, why) => {
  expect(() => parseFault(text, topology)).toThrow(why)
})

test('a refusal has the code of a usage error and lists what there is', () => {
  try {
    parseFault('link-down@app/cache', topology)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(FaultlineError)
    expect(error).toMatchObject({
      code: 'FL1006',
      exit: 64,
      remedy: 'There are: client/app, app/database, app/model, runner/network.',
    })
  }
})
