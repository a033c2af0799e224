import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Redactor } from './secrets.ts'

const value = 's3cret-ä"x/+?\\ y'

test.each<[string, string]>([
  ['plain', value],
  ['in a URL', encodeURIComponent(value)],
  ['in a URL, lower-case', encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
  ['in a form', new URLSearchParams({ value }).toString().slice('value='.length)],
  ['in JSON', JSON.stringify(value)],
  ['in JSON within JSON', JSON.stringify(JSON.stringify(value))],
  ['in base64', Buffer.from(value).toString('base64')],
  ['in base64 of a user and it', Buffer.from(`u:${value}`).toString('base64')],
  ['in base64 of a longer user and it', Buffer.from(`us:${value}`).toString('base64url')],
  ['in hexadecimal', Buffer.from(value).toString('hex').toUpperCase()],
])('a registered secret is masked %s', (_, text) => {
  const redactor = new Redactor()
  redactor.add(value)
  expect(redactor.text(`before ${text} after`)).toMatch(/^before .{0,4}\[redacted\].{0,4} after$/)
})

test('no registered secret is left in a text, however it is encoded', () => {
  const secrets = fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' })
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 5 }), (secret, around) => {
      const redactor = new Redactor()
      redactor.add(secret)
      fc.pre(redactor.values.length === 1)
      const shown = redactor.text(`${around}:${secret}`)
      expect(shown).not.toContain(secret)
      const coded = Buffer.from(
        redactor.text(Buffer.from(`${around}:${secret}`).toString('base64')),
        'base64',
      )
      expect(coded.toString()).not.toContain(secret)
    }),
  )
})

test.each(['postgres', 'test', '5432', 'chat'])('the word or number %s is left in texts', (word) => {
  const redactor = new Redactor()
  redactor.add(word)
  expect(redactor.value({ protocol: word, id: `suites/${word}.ts` })).toEqual({
    protocol: word,
    id: `suites/${word}.ts`,
  })
  expect(redactor.text(`postgres://app:${word}@db/chat`)).toBe('postgres://app:[redacted]@db/chat')
})

test.each([
  ['its password', 'postgres://app:pass%21word-1@db/chat', 'said pass!word-1'],
  ['its password as it is written', 'postgres://app:p%zz-1234@db/chat', 'said p%zz-1234'],
  ['a token in place of a user', 'https://ghp_123456@host/', 'said ghp_123456'],
  ['a query’s token', 'wss://host/ws?access_token=abc-1234&v=2', 'said abc-1234'],
])('of a URL is registered: %s', (_, url, text) => {
  const redactor = new Redactor()
  redactor.addUrl(url)
  expect(redactor.text(text)).toBe('said [redacted]')
})

test.each([
  ['Authorization', 'Bearer tok-1234', 'said tok-1234'],
  ['Authorization', `Basic ${Buffer.from('user:pass-1234').toString('base64')}`, 'said pass-1234'],
  ['Cookie', 'a=one-1234; b=two-1234', 'said two-1234'],
  ['X-Api-Key', 'key-1234', 'said key-1234'],
])('of the header %s: %s is registered what is secret', (name, header, text) => {
  const redactor = new Redactor()
  redactor.addHeaders({ [name]: header })
  expect(redactor.text(text)).toBe('said [redacted]')
})

test('variables are registered that are named so, and passwords in those that are URLs', () => {
  const redactor = new Redactor()
  redactor.addVariables({
    CI_JOB_TOKEN: 'job-1234',
    PGPASSWORD: 'pg-12345',
    DATABASE_URL: 'postgres://app:db-12345@db/chat',
    HOME: '/home/ci-1',
    TOKENIZER_CACHE: '/cache-1',
  })
  expect(redactor.values).toEqual(['job-1234', 'pg-12345', 'db-12345'])
})
