import type { Signal } from '../signal.ts'
import { rules } from './vocabulary.ts'

const wrappers = new Set(rules.filter((rule) => rule.standing === 'wrapper').map((rule) => rule.stableCode))

/**
 * Makes a list of findings, in order, into a list of facts: each once, with its endpoint where any mention has one,
 * and a wrapper counting for itself when nothing else is known.
 */
export function settle(found: readonly Signal[]): Signal[] {
  const endpoints = new Set(found.filter((signal) => signal.host).map(factOf))
  const seen = new Set<string>()
  const facts: Signal[] = []
  for (const signal of found) {
    const fact = factOf(signal)
    if (!signal.host && endpoints.has(fact)) continue
    const key = `${fact} ${signal.host ?? ''} ${signal.port ?? ''}`
    if (seen.has(key)) continue
    seen.add(key)
    facts.push(signal)
  }
  if (facts.some((signal) => !signal.consequence)) return facts
  return facts.map(standAlone)
}

function standAlone(signal: Signal): Signal {
  if (!wrappers.has(signal.stableCode)) return signal
  const { consequence: _, ...alone } = signal
  return alone
}

function factOf(signal: Signal): string {
  return `${signal.stableCode} ${signal.code}`
}
