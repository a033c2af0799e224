import { expect, test } from 'vitest'
import { classesOf, failedTests, gate } from './gate-command.ts'

const suite = 'suites/health/running.test.ts'
const outage = ['--inject', 'link-down@app/database']

test('a sound deployment passes what is asked of its health', async () => {
  const run = await gate([suite])
  expect(run.exitCode, run.stdout).toBe(0)
})

test('health that is honest about an outage is no finding', async () => {
  const run = await gate([suite, ...outage])
  expect(run.exitCode, run.stdout).toBe(75)
  expect(classesOf(run)).toEqual(['infrastructure'])
  expect(failedTests(run)).not.toContain('is ready while the database is there, and only then')
  expect(failedTests(run)).not.toContain('says of each dependency what is seen of it')
})

test('readiness that lies blocks, also in an outage', async () => {
  const run = await gate([suite, ...outage], { FIXTURE_DEFECTS: 'ready-lies' })
  expect(run.exitCode, run.stdout).toBe(1)
  expect(failedTests(run)).toContain('is ready while the database is there, and only then')
})
