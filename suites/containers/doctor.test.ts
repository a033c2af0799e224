import { expect, test } from 'vitest'
import { faultline } from '../gate/gate-command.ts'

test('a machine that runs embedded environments is well, with or without an engine', async () => {
  const { exitCode, stdout } = await faultline(['doctor'], { DOCKER_HOST: 'tcp://127.0.0.1:1' })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^ready +PostgreSQL +postgres \(PostgreSQL\) 18/m)
  expect(stdout).toMatch(/^absent +Docker engine +no Docker engine answers .*DOCKER_HOST \(tcp:/m)
  expect(stdout).toContain('Embedded environments work here.\nEnvironments of containers do not work here.')
})

test('a folder without a configuration is said to have none, and the rest is looked at all the same', async () => {
  const { exitCode, stdout } = await faultline(['doctor', '--json', '--config', 'nowhere.config.ts'])
  expect(exitCode).toBe(0)
  const { findings, embedded } = JSON.parse(stdout) as {
    findings: { subject: string; status: string }[]
    embedded: boolean
  }
  expect(findings.find(({ subject }) => subject === 'configuration')?.status).toBe('absent')
  expect(embedded).toBe(true)
})
