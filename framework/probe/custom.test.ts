import { expect, test } from 'vitest'
import { type CustomLook, createCustomProber } from './custom.ts'

const never = new AbortController().signal

async function lookBy(look: CustomLook, timeoutMs = 5000) {
  await using prober = createCustomProber(
    { target: 'queue', vantage: 'app-side', timeoutMs, slowMs: 4000 },
    look,
  )
  return await prober.look('new', never)
}

test('a look that returns is ok', async () => {
  expect(await lookBy(async () => undefined)).toMatchObject({
    target: 'queue',
    vantage: 'app-side',
    outcome: 'ok',
  })
})

test('a finding that it gives is the finding', async () => {
  const finding = { outcome: 'unwell', code: 'LAG', detail: '9000 messages behind' } as const
  expect(await lookBy(() => finding)).toMatchObject(finding)
})

test('an error of Node is read as one', async () => {
  const refuse = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))
  expect((await lookBy(refuse)).outcome).toBe('refused')
})

test('an error that nobody knows says nothing of the target', async () => {
  const seen = await lookBy(() => Promise.reject(new TypeError('x is not a function')))
  expect(seen).toMatchObject({ outcome: 'misconfigured', detail: 'x is not a function' })
})

test('a look that ignores its signal is no-answer all the same', async () => {
  expect((await lookBy(() => new Promise(() => {}), 50)).outcome).toBe('no-answer')
})

test('the signal aborts when the time is up', async () => {
  let aborted = false
  await lookBy((signal) => {
    signal.addEventListener('abort', () => {
      aborted = true
    })
    return new Promise(() => {})
  }, 50)
  expect(aborted).toBe(true)
})
