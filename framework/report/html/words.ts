import type { Verdict } from '#verdict'
import type { ReportTest } from '../run-report.ts'

/** Who a verdict names, as a heading. */
export function blameOf({ class: found, scope }: Verdict): string {
  switch (found) {
    case 'application':
      return 'Application at fault'
    case 'test':
      return 'Test at fault'
    case 'infrastructure':
      return scope === 'runner' ? 'Runner at fault' : 'Infrastructure at fault'
    case 'inconclusive':
      return 'Inconclusive: nobody can be named'
  }
}

/** A reason code as words. */
export function wordsOf(code: string): string {
  return code.replaceAll('-', ' ')
}

/** The time of day in UTC, to the millisecond. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}

/** `850 ms`, `12.4 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** `1 test`, `3 tests`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** How a test ended, in a word: `cleared` is more than its last attempt's `passed`. */
export function fateOf(test: ReportTest): ReportTest['outcome'] | 'cleared' {
  return test.cleared ? 'cleared' : test.outcome
}

/** `2 failed, 17 blocked, 1 cleared by a rerun`; `passed` is the word for those that passed. */
export function fatesOf(tests: readonly ReportTest[], passed = 'passed'): string {
  const fates = Map.groupBy(tests, fateOf)
  const words: Readonly<Record<string, string>> = { cleared: 'cleared by a rerun', passed }
  const told = (['failed', 'blocked', 'cleared', 'skipped', 'passed'] as const).flatMap((fate) => {
    const count = fates.get(fate)?.length ?? 0
    return count === 0 ? [] : [`${count} ${words[fate] ?? fate}`]
  })
  return told.join(', ')
}

/** How the tests of a verdict ended: each of them failed or was blocked at least once. */
export function fatesOfMembers(tests: readonly ReportTest[]): string {
  return fatesOf(tests, 'passed when run again')
}
