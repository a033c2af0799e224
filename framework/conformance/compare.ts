import type { Disagreement, Figure, NamedFigure, TimeoutBudget } from './budget.ts'
import { named } from './figure.ts'

/**
 * Every figure that is one thing in what was declared and another in what runs, or is missing from one of the two (then its
 * value is NaN). What a running process says is compared with what its repository promises.
 */
export function compareTimeoutBudgets(declared: TimeoutBudget, running: TimeoutBudget): Disagreement[] {
  const promised = figuresOf(declared)
  const actual = figuresOf(running)
  return [...new Set([...promised.keys(), ...actual.keys()])].flatMap((name) => {
    const one = promised.get(name) ?? { name, value: Number.NaN }
    const other = actual.get(name) ?? { name, value: Number.NaN }
    if (one.value === other.value) return []
    return {
      rule: 'declared-and-running',
      between: [one, other],
      message: `${name} is declared as ${show(one)} and runs as ${show(other)}`,
      remedy: `Deploy what is declared, or declare what runs: ${name} has two sources.`,
    }
  })
}

function show({ value, from }: NamedFigure): string {
  const text = Number.isNaN(value) ? 'nothing' : value.toLocaleString('en')
  return from ? `${text} (${from})` : text
}

function figuresOf(budget: object, path = ''): Map<string, NamedFigure> {
  const found = new Map<string, NamedFigure>()
  for (const [key, value] of Object.entries(budget)) {
    const name = path ? `${path}.${key}` : key
    if (isFigure(value)) found.set(name, named(name, value)!)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, figure] of figuresOf(value, name)) found.set(inner, figure)
  }
  return found
}

function isFigure(value: unknown): value is Figure {
  return typeof value === 'number' || (typeof value === 'object' && value !== null && 'value' in value)
}
