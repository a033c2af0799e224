import { expect, test } from 'vitest'
import { findCompose } from './compose-command.ts'

test('without Docker Compose the error says what was tried, and what to do', async () => {
  const failure = await findCompose({ PATH: '/nowhere' }, AbortSignal.timeout(10_000)).catch((error) => error)
  expect(failure).toMatchObject({ code: 'FL2006', remedy: expect.stringContaining('docker-compose-plugin') })
  expect(failure.message).toMatch(/tried: docker compose \(.*ENOENT\), docker-compose \(.*ENOENT\)/)
})
