import type { Examined, rules as everyRule } from '#verdict'

/** One rule, as far as lint reads it. */
export type LintedRule = Pick<(typeof everyRule)[number], 'id'>

/** What may be wrong with a rule. */
export interface RuleProblem {
  readonly rule: string
  readonly problem: 'never' | 'always' | 'shadowed' | 'overlapping'
  readonly text: string
}

/**
 * What a set of troubles shows of the rules: one that never proposes anything, or always; one whose proposals always stand beside
 * a stronger one of another rule; two that always propose together.
 */
export function lintRules(rules: readonly LintedRule[], troubles: readonly Examined[]): RuleProblem[] {
  const matches = rules.map(({ id }) => ({
    id,
    on: troubles.flatMap(({ proposals }, index) =>
      proposals.some(({ rule }) => rule === id) ? [index] : [],
    ),
  }))
  return matches.flatMap(({ id, on }, index): RuleProblem[] => {
    if (on.length === 0)
      return [{ rule: id, problem: 'never', text: `never proposed anything, in ${troubles.length} troubles` }]
    const found: RuleProblem[] = []
    if (troubles.length > 1 && on.length === troubles.length)
      found.push({ rule: id, problem: 'always', text: `proposed something in each of ${on.length} troubles` })
    const stood = on.filter((each) => troubles[each]!.standing.some(({ rule }) => rule === id))
    if (stood.length > 0 && stood.every((each) => isOutdone(troubles[each]!, id)))
      found.push({
        rule: id,
        problem: 'shadowed',
        text: `stood ${stood.length} times, and a stronger proposal of another class stood beside it each time`,
      })
    const twin = matches.slice(0, index).find((other) => isSame(other.on, on))
    if (twin)
      found.push({
        rule: id,
        problem: 'overlapping',
        text: `proposes exactly when ${twin.id} does, ${on.length} times`,
      })
    return found
  })
}

function isOutdone({ standing }: Examined, id: string): boolean {
  const own = standing.filter(({ rule }) => rule === id)
  return own.every((proposal) =>
    standing.some((other) => other.class !== proposal.class && other.weight > proposal.weight),
  )
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index])
}
