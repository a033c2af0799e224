import { expect, test } from 'vitest'
import { createProber } from '../prober.ts'

const never = new AbortController().signal

/** Looks by a module with this default export. */
async function lookBy(defaultExport: string, timeoutMs = 5000) {
  await using prober = createProber({
    target: 'queue',
    vantage: 'runner',
    protocol: 'custom',
    address: `data:text/javascript,${encodeURIComponent(`export default ${defaultExport}`)}`,
    timeoutMs,
    slowMs: 4000,
  })
  return await prober.look('new', never)
}

test('a look that returns is ok', async () => {
  expect(await lookBy('async () => {}')).toMatchObject({ target: 'queue', vantage: 'runner', outcome: 'ok' })
})

test('a finding that it gives is the finding', async () => {
  const finding = { outcome: 'unwell', code: 'LAG', detail: '9000 messages behind' } as const
  expect(await lookBy(`() => (${JSON.stringify(finding)})`)).toMatchObject(finding)
})

test('an error of Node is read as one', async () => {
  const refused = `() => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))`
  expect((await lookBy(refused)).outcome).toBe('refused')
})

test('an error that nobody knows says nothing of the target', async () => {
  expect(await lookBy(`() => { throw new TypeError('x is not a function') }`)).toMatchObject({
    outcome: 'misconfigured',
    detail: 'x is not a function',
  })
})

test('a look that ignores its signal is no-answer all the same', async () => {
  expect((await lookBy('() => new Promise(() => {})', 50)).outcome).toBe('no-answer')
})

test('a module without a function is misconfigured, and says so', async () => {
  expect(await lookBy('42')).toMatchObject({
    outcome: 'misconfigured',
    detail: 'the module exports no function by default',
  })
})
