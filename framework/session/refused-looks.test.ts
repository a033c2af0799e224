import { expect, test } from 'vitest'
import { now } from '#core'
import { type Bit, type LinkFaults, parseFault } from '#fault'
import type { Topology } from '#topology'
import { withRefusedLooks } from './refused-looks.ts'

const service = (name: string, uses: Topology['services'][string]['uses'] = {}) => ({
  ...{ name, uses, owner: 'sut' as const, protocol: 'http' as const, egress: 'net' },
})
const topology: Topology = {
  entry: 'app',
  services: {
    app: service('app', { database: 'required', auth: 'required' }),
    auth: service('auth', { database: 'required' }),
    database: service('database'),
  },
}

const faultsThatSay = (bit: Bit): LinkFaults => ({
  inject: async () => ({
    bit: async () => bit,
    release: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }),
})

async function bitOf(text: string, said: Bit, lookedAfterMs: number | undefined) {
  const spec = parseFault(text, topology)
  if (spec.target.kind !== 'link') throw new Error(`${text} is no fault of a link`)
  let deadLook: number | undefined
  const faults = withRefusedLooks(faultsThatSay(said), (link) =>
    link === 'app/database' ? deadLook : undefined,
  )
  const handle = await faults.inject(spec as Parameters<LinkFaults['inject']>[0])
  if (lookedAfterMs !== undefined) deadLook = now() + lookedAfterMs
  return handle.bit()
}

test.each([
  ['a link that is down', 'link-down@app/database:before', false],
  ['a refusal by the kernel', 'security-group-deny@app/database:before', null],
  ['the agent’s own link', 'link-down@app/database#agent', false],
])('%s bit, when a look over it came to nothing', async (_what, text, said) => {
  expect(await bitOf(text, said, 1)).toBe(true)
})

test.each([
  ['nobody looked', 'link-down@app/database', false, undefined],
  ['the look was before', 'link-down@app/database', false, -1000],
  ['the look was over another link', 'link-down@auth/database', false, 1],
  ['looks don’t go over the hurt client', 'link-down@app/database#app', false, 1],
  ['the fault refuses nothing', 'brownout@app/database', false, 1],
] as const)('that a fault bit stays as the proxy says, when %s', async (_what, text, said, looked) => {
  expect(await bitOf(text, said, looked)).toBe(said)
})
