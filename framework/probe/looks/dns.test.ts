import { expect, test } from 'vitest'
import { createProber } from '../prober.ts'
import { targetAt } from '../servers.test-data.ts'

const never = new AbortController().signal

test('a name that resolves is ok and tells its addresses', async () => {
  await using prober = createProber(targetAt('dns', 'dns://localhost'))
  const seen = await prober.look('new', never)
  expect(seen.outcome).toBe('ok')
  expect(seen.detail).toMatch(/127\.0\.0\.1|::1/)
  expect(seen.phases.dnsMs).toBeGreaterThan(0)
})

test('a name that does not exist is name-gone', async () => {
  await using prober = createProber(targetAt('dns', 'dns://no-such-name.invalid'))
  expect(await prober.look('new', never)).toMatchObject({
    outcome: 'name-gone',
    code: expect.stringMatching(/^E/),
  })
})

test('there is no connection to keep: every look is new', async () => {
  await using prober = createProber(targetAt('dns', 'dns://localhost'))
  await prober.look('kept', never)
  expect((await prober.look('kept', never)).connection).toBe('new')
})
