import type { SlowLink } from '../findings/slow.ts'
import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const slow: SlowLink = {
  ...{ link: 'app/database', service: 'database', tookMs: 800, usualMs: 2, looks: 6 },
  ...{ matters: true, fits: true },
}
const path = { cleared: false, flaws: ['app/database was slow'], gaps: [], unwatched: [] }

/** The link answered, so slowly beside this run's own looks that the operation ran into its limit. */
export const linkSlow: Rule = {
  id: 'link-slow',
  reasons: ['link-slow'],
  matches: exampleFindings({ slow: [slow], path }),
  passesOver: exampleFindings({ slow: [{ ...slow, tookMs: 60, matters: false, fits: false }] }),
  weigh({ slow: found, trouble }) {
    const worst = found.filter(({ fits }) => fits).toSorted((a, b) => b.tookMs - a.tookMs)[0]
    if (!worst) return undefined
    const tookMs = trouble.window.to - trouble.window.from
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: worst.link,
      reason: 'link-slow',
      weight: 0.8,
      because: `an answer over ${worst.link} took ${ms(worst.tookMs)} app-side (median of ${worst.looks} looks), and usually takes ${ms(worst.usualMs)}; the operation failed after ${ms(tookMs)}`,
    }
  },
}

function ms(value: number): string {
  return `${Math.round(value)} ms`
}
