import type { Signal } from '../signal.ts'
import { rules } from './vocabulary.ts'

const wrappers = new Set(rules.filter((rule) => rule.standing === 'wrapper').map((rule) => rule.stableCode))
const entailing = rules.filter((rule) => rule.entails)

/**
 * Makes a list of findings, in order, into a list of facts: each once, with its endpoint where any mention has one,
 * a wrapper counting for itself when nothing else is known, and what another fact entails counting for nothing beside it.
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
  const isKnown = facts.some((signal) => !signal.consequence && !wrappers.has(signal.stableCode))
  const entailed = entailedBy(new Set(facts.map(({ stableCode }) => stableCode)))
  return facts.map((signal) => {
    if (wrappers.has(signal.stableCode)) return asWrapper(signal, isKnown)
    return entailed.has(signal.stableCode) ? { ...signal, consequence: true } : signal
  })
}

function entailedBy(codes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    entailing.filter(({ stableCode }) => codes.has(stableCode)).flatMap(({ entails = [] }) => entails),
  )
}

/** A wrapper follows from what it wraps, when that is known. */
function asWrapper(signal: Signal, isKnown: boolean): Signal {
  const { consequence: _, ...alone } = signal
  return isKnown ? { ...alone, consequence: true } : alone
}

function factOf(signal: Signal): string {
  return `${signal.stableCode} ${signal.code}`
}
