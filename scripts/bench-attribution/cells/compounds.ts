import { applicationDefect, type Cell, everyTier, never, withAgent } from '../cell.ts'
import type { Decidable } from '../label.ts'
import { type KnownDefect, knownDefects } from './application.ts'

/** Away for as long as the run lasts, and needed by no test. */
const unrelated = [
  'link-down@app/analytics:0s-',
  'stopped@analytics:0s-',
  'link-silent@app/analytics:0s-',
  'link-down@app/database#agent:0s-',
]
/** On the way of nearly every test, and soon over. */
const healing = [
  'link-down@app/database:0s-2s',
  'link-silent@app/database:0s-2s',
  'restarted@database:300ms-',
  'reset@app/database:0s-2s',
  'link-down@client/app:0s-1500ms',
  'stopped@database:0s-2s',
]
/** On the way of those tests that sign in after it has begun. */
const halfway = ['link-silent@app/database:1200ms-3s', 'link-down@app/auth:1200ms-3s']

type How = 'unrelated' | 'healing' | 'half'

/** A defect stands while infrastructure is hurt too: it must be found, or at least never excused. */
export function compoundCells(): Cell[] {
  return knownDefects().flatMap((defect, index) => [
    compound(defect, 'unrelated', unrelated[index % unrelated.length]!),
    compound(defect, 'healing', healing[index % healing.length]!),
    ...(index % 3 === 0 ? [compound(defect, 'half', halfway[(index / 3) % halfway.length]!)] : []),
  ])
}

function compound(defect: KnownDefect, how: How, fault: string): Cell {
  return {
    name: `${defect.name} + ${fault}`,
    family: 'compound',
    defect: defect.name,
    truth: applicationDefect,
    decidable: decidableWith(defect, how, fault),
    bite: defect.bite,
    faults: [...defect.faults, fault],
    defects: [defect.name],
    ...(defect.files && { files: defect.files }),
  }
}

/**
 * What heals is told from the defect by the rerun, which needs the agent; an agent that is hurt itself can't tell. Nor can a rerun of
 * what shows only beside a fault of its own, which is over by then.
 */
function decidableWith({ decidable, faults }: KnownDefect, how: How, fault: string): Decidable {
  if (fault.includes('#agent')) return decidable.T0 ? everyTier : never
  if (how !== 'unrelated' && faults.length > 0) return never
  return how === 'unrelated' ? decidable : decidable.T2 ? withAgent : never
}
