import { expect, test } from 'vitest'
import { targetAt } from './servers.test-data.ts'
import { redactorFor, shownAddress, targetKey } from './target.ts'

test('an address is shown without user, password and query', () => {
  const address = 'postgres://ada:love%40lace@db.internal:5432/chat?sslpassword=hidden-word'
  expect(shownAddress({ address })).toBe('postgres://db.internal:5432/chat')
})

test('what is no URL is not shown at all', () => {
  expect(shownAddress({ address: 'ada:lovelace' })).not.toContain('lovelace')
})

test('password, query and headers are redacted, encoded or not', () => {
  const redactor = redactorFor(
    targetAt('http', 'http://ada:love%40lace@host/?key=hidden-word', {
      headers: { 'x-api-key': 'open-sesame' },
    }),
  )
  const text = redactor.text('love@lace love%40lace hidden-word open-sesame')
  expect(text).toBe('[redacted] [redacted] [redacted] [redacted]')
})

test('a password with a lone percent sign is redacted too', () => {
  const redactor = redactorFor(targetAt('postgres', 'postgres://ada:50%off@host/chat'))
  expect(redactor.text('50%off')).toBe('[redacted]')
})

test('one service behind two links is two targets', () => {
  expect(targetKey({ target: 'database', link: 'app/database' })).not.toBe(
    targetKey({ target: 'database', link: 'auth/database' }),
  )
})
