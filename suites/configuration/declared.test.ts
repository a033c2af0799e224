import { checkTimeoutBudget } from 'faultline'
import { describe, expect, test } from 'vitest'
import { declareConfiguration } from '../../fixtures/backend/configuration.ts'
import { budgetOf } from './budget.ts'

const environments = ['development', 'test', 'staging', 'production'] as const

describe.for(environments)('the configuration that is declared for %s', (environment) => {
  test('has no two limits that disagree', () => {
    const found = checkTimeoutBudget(budgetOf(declareConfiguration(environment)))
    expect(found, found.map(({ message }) => message).join('; ')).toEqual([])
  })

  test('answers somebody who waits within 60 s', () => {
    expect(declareConfiguration(environment).request.clientMs).toBeLessThanOrEqual(60_000)
  })
})

test('a first connection and the tables get the time that each environment needs', () => {
  const limits = environments.map((environment) => {
    const { initialiseMs, tableSetUpMs } = declareConfiguration(environment).background
    return [environment, initialiseMs / 1_000, tableSetUpMs / 1_000]
  })
  expect(limits).toEqual([
    ['development', 30, 15],
    ['test', 20, 10],
    ['staging', 95, 35],
    ['production', 90, 45],
  ])
})

test('keeps an idle connection for longer than the load balancer that uses it', () => {
  const { idle } = declareConfiguration('production')
  expect(idle.serverKeepAliveMs).toBeGreaterThan(idle.gatewayKeepAliveMs)
})

test('keeps room for at least 10 connections, and 5 beside them for checks and start-up', () => {
  const { pool } = declareConfiguration('production')
  expect(pool.size).toBeGreaterThanOrEqual(10)
  expect(pool.reserve).toBeGreaterThanOrEqual(5)
})
