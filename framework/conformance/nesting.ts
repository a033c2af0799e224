import type { CallBudget, Disagreement, NamedFigure, TimeoutBudget } from './budget.ts'
import { mustExceed, named, sum } from './figure.ts'

/**
 * Each limit of a request outlasts what happens within it, so that the innermost that runs out is the one that says so:
 * client > gateway > server > every call with all its attempts, server > waiting for a connection + the statement on it.
 */
export function nesting({ request }: TimeoutBudget): Disagreement[] {
  const layer = (name: 'clientMs' | 'gatewayMs' | 'serverMs' | 'poolAcquireMs' | 'queryMs' | 'statementMs') =>
    named(`request.${name}`, request[name])
  const acquire = layer('poolAcquireMs')
  const statement = layer('statementMs')
  const query = layer('queryMs')
  const calls = Object.entries(request.calls ?? {}).map(([name, call]) => wholeCall(name, call))
  const outside = [layer('clientMs'), layer('gatewayMs'), layer('serverMs')].filter(
    (each) => each !== undefined,
  )
  const pairs: [NamedFigure | undefined, NamedFigure | undefined][] = [
    ...outside.slice(1).map((inner, index): [NamedFigure, NamedFigure] => [outside[index]!, inner]),
    ...calls.map((call): [NamedFigure | undefined, NamedFigure] => [outside.at(-1), call]),
    [outside.at(-1), sum(acquire, query ?? statement)],
    [acquire, statement],
    [query, statement],
  ]
  return pairs.flatMap(([outer, inner]) =>
    mustExceed(outer, inner, {
      rule: 'nesting',
      fails: 'does not outlast',
      remedy: `Raise ${outer?.name} or lower ${inner?.name}: the outer one gives up first, and nobody learns what was slow.`,
    }),
  )
}

/** A call with all its attempts and the waits between them. */
function wholeCall(name: string, { timeoutMs, attempts = 1, backOffMs = 0 }: CallBudget): NamedFigure {
  const path = `request.calls.${name}`
  const one = named(`${path}.timeoutMs`, timeoutMs)!
  const times = named(`${path}.attempts`, attempts)!
  const waits = named(`${path}.backOffMs`, backOffMs)!
  return {
    ...one,
    name: [
      one.name,
      times.value === 1 ? '' : ` × ${times.value} ${times.name}`,
      waits.value === 0 ? '' : ` + ${waits.name}`,
    ].join(''),
    value: one.value * times.value + waits.value,
  }
}
