import type { Disagreement, Figure, TimeoutBudget } from './budget.ts'
import { mustExceed, named } from './figure.ts'

/** The longest that people are made to wait, in milliseconds. */
const patienceOfPeople = 60_000

/** What counts as a long wait where no slow path asks for one. */
const longWait = { name: 'a wait for a slow path', value: 600_000 }

/**
 * Long limits are for the background, and only where a slow path asks for them: a request that may take ten minutes holds its
 * connection, its slot and a person for ten minutes, and a background connect that gives up after one never gets through a
 * connector that is scaling.
 */
export function patience(budget: TimeoutBudget): Disagreement[] {
  const { request, patienceMs = patienceOfPeople, background = {}, slowPath } = budget
  const limit = named('patienceMs', patienceMs)
  const waitedOn = Object.entries(request)
    .filter((entry): entry is [string, Figure] => entry[0] !== 'calls')
    .flatMap(([name, figure]) =>
      mustExceed(limit, named(`request.${name}`, figure), {
        rule: 'patience',
        orEqual: true,
        fails: 'is shorter than',
        remedy: `Shorten request.${name}, which a person waits on; long limits belong to background work.`,
      }),
    )
  const others = Object.fromEntries(Object.entries(background).filter(([name]) => name !== slowPath?.by))
  return [...waitedOn, ...(slowPath ? outlasts(background, slowPath) : []), ...noLongWait(others)]
}

function outlasts(
  background: Readonly<Record<string, Figure>>,
  { by, outlastMs }: NonNullable<TimeoutBudget['slowPath']>,
): Disagreement[] {
  const name = `background.${by}`
  return mustExceed(named(name, background[by] ?? 0), named('slowPath.outlastMs', outlastMs), {
    rule: 'slow-path',
    orEqual: true,
    fails: 'gives up before the path is up,',
    remedy: `Lengthen ${name}, in the background, beside request limits that fail fast.`,
  })
}

function noLongWait(background: Readonly<Record<string, Figure>>): Disagreement[] {
  return Object.entries(background).flatMap(([name, figure]) =>
    mustExceed(longWait, named(`background.${name}`, figure), {
      rule: 'slow-path',
      fails: 'is what no path here needs, yet there is',
      remedy: `Shorten background.${name}, or declare the slowPath that it is for.`,
    }),
  )
}
