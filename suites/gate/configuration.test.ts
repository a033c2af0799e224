import { expect, test } from 'vitest'
import { faultline } from './gate-command.ts'

test('a configuration with three mistakes ends with 78 and names all three', async () => {
  const { exitCode, stderr } = await faultline(['gate', '--config', 'suites/gate/mistakes.config.ts'])
  expect(exitCode).toBe(78)
  expect(stderr).toContain('has 3 mistakes')
  expect(stderr).toContain('polcy: is not a key that is known here; did you mean "policy"?')
  expect(stderr).toContain('policy.retries: expected number, received string')
  expect(stderr).toContain(
    'policy.onRequiredDown: expected "graceful-skip" or "fail-fast", not "fail-fsat"; did you mean "fail-fast"?',
  )
})

test('a mistyped command ends with 64 and says which one was meant', async () => {
  const { exitCode, stderr } = await faultline(['gaet'])
  expect(exitCode).toBe(64)
  expect(stderr).toContain('Did you mean gate?')
})

test('a fault on a link that isn’t there ends with 64 and names those that are', async () => {
  const { exitCode, stderr } = await faultline(['gate', '--inject', 'link-down@app/databse'])
  expect(exitCode).toBe(64)
  expect(stderr).toContain('FL1006')
  expect(stderr).toContain('did you mean "app/database"?')
})
