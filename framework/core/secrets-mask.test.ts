import { expect, test } from 'vitest'
import { maskLikelySecrets } from './secrets.ts'

test.each([
  ['{"password":"hunter2 and more","user":"ada"}', '{"password":[redacted],"user":"ada"}'],
  ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=[redacted] psql'],
  ['api-key: k-123456, next', 'api-key: [redacted], next'],
  ['Authorization: Bearer abc.def-123', 'Authorization: [redacted]'],
  ['sent Bearer abcdefgh12345 on', 'sent Bearer [redacted] on'],
  ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', '[redacted]'],
  ['postgres://app:hunter2@db:5432/chat', 'postgres://app:[redacted]@db:5432/chat'],
  ["token='a b c'", 'token=[redacted]'],
])('%s is shown as %s', (text, shown) => {
  expect(maskLikelySecrets(text)).toBe(shown)
})

test('a line without a secret stays as it is', () => {
  const line = '{"level":30,"service":"database","msg":"service status changed"}'
  expect(maskLikelySecrets(line)).toBe(line)
})
