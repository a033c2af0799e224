import { availableParallelism, cpus } from 'node:os'
import type { Measured } from './measure.ts'
import { operations } from './operations.ts'
import type { LeftOut } from './plan.ts'
import { type Counts, classes, type Result, usefulShare } from './score.ts'

export interface PageInput extends Measured {
  readonly leftOut: readonly LeftOut[]
  readonly seed: number
}

/** What is asked of the chat. `overall` is what the system that it is modelled on came to. */
const bars = { optionalAway: 0.999, reads: 0.995, writes: 1, overall: 0.964 }

/** docs/resilience.md. */
export function resiliencePage({ result, idle, repeated, leftOut, seed, tookMs }: PageInput): string {
  const { overall, withoutResilience } = result
  return `# What the reference chat is worth while something is disturbed

Written by \`npm run bench:resilience\`; don't edit. ${new Date().toISOString().slice(0, 10)}, seed ${seed}, on ${availableParallelism()} cores of
${cpus()[0]?.model.trim() ?? 'an unknown processor'}, in ${(tookMs / 60_000).toFixed(1)} minutes, while the machine may have had other work.

Users sign in, list their threads, read, post, and ask, at a steady rate that waits for nobody. Meanwhile every
[profile](reference/profiles.md) is put on every link behind the application, one at a time. The same runs at the same time on a second
copy with \`FIXTURE_RESILIENCE=off\`: breakers never open, nothing is sent again, nothing earlier stands in for an answer; its limits, its
pool and the sessions that it remembers stay. Only what was due while a profile acted is counted: ${overall.operations} operations here,
${withoutResilience.operations} there.

| | measured | asked | |
|---|---|---|---|
${barRows(result).join('\n')}

Useful is correct or honestly degraded. Of those operations alone that use what was disturbed, ${percent(overall.whereUsed)} were useful, without
resilience ${percent(withoutResilience.whereUsed)}. Without resilience ${withoutResilience.lost} messages were lost and ${withoutResilience.doubled} doubled.

## What counts as what

- **correct**: the whole answer, and right. A history must hold every message that was acknowledged before it was asked for, and none that
  nobody sent or that is there twice; an answer must be the model's to these words.
- **degraded**: less, and says so, and what it says is true: it is old, and held to the time that it names; or the model is away. Only where
  the disturbed link is one that the operation uses.
- **refused**: a 503 that names the disturbed dependency, in time, for an operation that uses it.
- **failed**: anything else. A wrong answer, an old one that doesn't say so, a mark or a refusal where nothing is disturbed, an error that
  blames nobody, no answer.
- **late**: whatever came later than ${operations.post.limitMs} ms after it was due; ${operations.answer.limitMs} ms for a whole conversation.

What was acknowledged is read back from PostgreSQL at the end, past every link and cache. The database is *away* while a profile lets nobody's
new connection through. Profiles that act on new connections alone begin with a cut of those that stand, or they would hurt nobody. One that
hurts a share of connections is drawn until it hits one in use. A trial during which the bench's own process stood still for 250 ms is made
again, twice at most and whatever came of it: ${repeated} were.

## By operation

${table(result.byOperation)}

## By profile

${table(result.byProfile)}

## What isn't in it

${leftOut.map(({ profile, hurt, why }) => `- ${nameOf({ profile, hurt })}: ${why}.`).join('\n')}
${idle.length === 0 ? '' : `- Hurt nobody here, and so doesn't count: ${idle.map(nameOf).join(', ')}.`}
`
}

function barRows({
  optionalAway,
  databaseAway,
  overall,
  withoutResilience,
  lost,
  doubled,
}: Result): string[] {
  const least = (what: string, share: number | null, bar: number, sign = '≥') =>
    `| ${what} | ${percent(share)} | ${sign} ${percent(bar)} | ${verdict(share !== null && (sign === '>' ? share > bar : share >= bar))} |`
  const above = overall.usefulShare === null ? null : overall.usefulShare - bars.overall
  const points =
    above === null ? '' : `, ${(Math.abs(above) * 100).toFixed(1)} points ${above > 0 ? 'above' : 'below'}`
  return [
    least('useful while an optional dependency is disturbed', optionalAway.usefulShare, bars.optionalAway),
    least('reads useful while the database is away', databaseAway.readsUseful, bars.reads),
    least(
      'writes acknowledged, or refused in time, while it is away',
      databaseAway.writesAckedOrRefused,
      bars.writes,
    ),
    `| acknowledged messages lost | ${lost} | 0 | ${verdict(lost === 0)} |`,
    `| messages doubled | ${doubled} | 0 | ${verdict(doubled === 0)} |`,
    least(`useful overall${points}`, overall.usefulShare, bars.overall, '>'),
    `| useful overall, without resilience | ${percent(withoutResilience.usefulShare)} | | |`,
  ]
}

function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**not met**'
}

function table(counts: Readonly<Record<string, Counts>>): string {
  const rows = Object.entries(counts).map(([name, count]) => {
    const cells = classes.map((one) => count[one]).join(' | ')
    return `| ${name} | ${cells} | ${percent(usefulShare(count))} |`
  })
  const head = [`| | ${classes.join(' | ')} | useful |`, `|---|${'---|'.repeat(classes.length + 1)}`]
  return [...head, ...rows].join('\n')
}

function nameOf({ profile, hurt }: { profile: string; hurt: string }): string {
  return `\`${profile}@app/${hurt}\``
}

function percent(share: number | null): string {
  return share === null ? 'nothing to count' : `${(share * 100).toFixed(2)} %`
}
