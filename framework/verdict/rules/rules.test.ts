import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { attribute } from '../attribute.ts'
import { proposalsFor, rules } from './registry.ts'

test.each(rules)('$id matches its own example with a reason that it declares', (rule) => {
  const found = rule.weigh(rule.matches)
  expect(found).toBeDefined()
  expect(rule.reasons).toContain(found!.reason)
})

test.each(rules)('$id passes over its other example', (rule) => {
  expect(rule.weigh(rule.passesOver)).toBeUndefined()
})

test.each(rules)('$id is shadowed by no other rule and struck by no guard in its own example', (rule) => {
  const verdict = attribute(rule.matches)
  expect(verdict.evidence.for.map((argument) => argument.rule)).toContain(rule.id)
})

test('no two rules always match together', () => {
  const examples = rules.flatMap((rule) => [rule.matches, rule.passesOver])
  const patterns = rules.map((rule) => examples.map((each) => (rule.weigh(each) ? 1 : 0)).join(''))
  expect(new Set(patterns).size).toBe(rules.length)
})

test('no rule always matches', () => {
  const examples = rules.flatMap((rule) => [rule.matches, rule.passesOver])
  for (const rule of rules) expect(examples.every((each) => rule.weigh(each) !== undefined)).toBe(false)
})

test('rule ids and reasons are told apart', () => {
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
  const reasons = rules.flatMap((rule) => rule.reasons)
  expect(new Set(reasons).size).toBe(reasons.length)
})

test('what restates the guards makes no other rule surer, and what has grounds of its own does', () => {
  const failed = rules.find(({ id }) => id === 'server-error')!.matches
  const once = attribute(failed)
  expect(once.evidence.for.map(({ rule }) => rule)).toEqual(['server-error', 'path-cleared'])
  expect(once.confidence).toBeCloseTo(
    proposalsFor(failed).find(({ rule }) => rule === 'server-error')!.weight,
  )
  const again = attribute({ ...failed, rerun: { ...failed.rerun, onHealthy: true, failedAlikeBefore: true } })
  expect(again.confidence).toBeGreaterThan(once.confidence)
})

test('weights stay between nothing and certainty', () => {
  for (const rule of rules)
    for (const proposal of proposalsFor(rule.matches)) {
      expect(proposal.weight).toBeGreaterThan(0)
      expect(proposal.weight).toBeLessThanOrEqual(1)
    }
})

test.each(rules)('$id and its reasons are in the reference', (rule) => {
  const file = path.resolve(import.meta.dirname, '../../../docs/reference/verdicts.md')
  const text = readFileSync(file, 'utf8')
  for (const word of [rule.id, ...rule.reasons]) expect(text).toContain(`\`${word}\``)
})
