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
  ['Cookie: a=b; sid=c; d="e"\nnext', 'Cookie: [redacted]\nnext'],
  ["{ 'set-cookie': [ 'sid=c; Path=/' ] }", "{ 'set-cookie': [ [redacted] ] }"],
  ["[ 'X-Api-Key', 'k-1' ]", "[ 'X-Api-Key', [redacted] ]"],
  ['Key (api_token)=(t-1) already exists.', 'Key (api_token)=([redacted]) already exists.'],
  ['said {\\"password\\":\\"p-1\\"}', 'said {\\"password\\":[redacted]}'],
  ['ws://host/ws?token=t-1&page=2', 'ws://host/ws?token=[redacted]&page=2'],
  ['https://ghp_1234567890abcdef@github.com/', 'https://[redacted]@github.com/'],
])('%s is shown as %s', (text, shown) => {
  expect(maskLikelySecrets(text)).toBe(shown)
})

test.each([
  '{"level":30,"service":"database","msg":"service status changed"}',
  'credentials: ECONNREFUSED 10.0.0.1:5432',
  'password authentication failed for user "app"',
])('%s has no secret and stays as it is', (line) => {
  expect(maskLikelySecrets(line)).toBe(line)
})
