import type { Exchange } from '#evidence'
import type { Findings } from '../findings/findings.ts'
import type { SeenOutage } from '../findings/outages.ts'
import type { Guard, Strike } from './guard.ts'

/** One failed look may be the observer's own hiccup; two are an observation. */
export const fewestLooks = 2

/** Whether an outage was seen on the path, while the operation failed, and makes such a failure. */
export function isWitness(outage: SeenOutage): boolean {
  return outage.onPath && outage.overlaps && outage.fits && !outage.refuted && outage.looks >= fewestLooks
}

/**
 * G1: infrastructure needs an outside witness: on the path, overlapping the failing operation, and fitting its signal. The
 * application's claims and the tests' own errors are none.
 */
export const outsideWitness: Guard = (findings) => {
  const strikes: Strike[] = []
  const strike = (text: string, scope: Pick<Strike, 'subjects' | 'except'> = {}) =>
    strikes.push({ guard: 'G1', class: 'infrastructure', text, ...scope })

  const { family } = findings.trouble
  if (family === 'wrong-value') strike('no outage explains a wrong value in an answer that arrived')
  if (family === 'misuse') strike('no outage explains a mistake in the test’s own code')
  const { entry, entryName } = findings
  if (entry.state === 'exited' || entry.state === 'restarted' || entry.state === 'down')
    strike(
      `the application ${entry.state === 'down' ? 'was down' : entry.state} at that time, and a sound one lives through an outage`,
    )

  for (const { link } of findings.outages.filter(({ refuted }) => refuted))
    strike(
      `the application reached what lies behind ${link} while the agent saw it dead, or could not serve before: that outage excuses nothing`,
      {
        subjects: [link],
      },
    )
  const witnessed = witnesses(findings)
  strike(
    witnessed.length === 0
      ? 'nobody outside the tests saw infrastructure fail on the path while the operation failed'
      : `only ${witnessed.join(' and ')} ${witnessed.length === 1 ? 'was' : 'were'} seen to fail on the path at that time`,
    { except: witnessed },
  )
  if (entry.state !== 'stopped')
    strike('a service of ours is never its own witness', { subjects: [entryName] })
  return strikes
}

/**
 * The subjects that somebody outside saw failing. The runner and the edge count only while the application itself was seen to
 * answer: what a runner in trouble sees of it says nothing.
 */
function witnesses(findings: Findings): string[] {
  const { trouble, outages, slow, edge, entry, runner, edgeName, entryName } = findings
  const away = outages.filter(isWitness).flatMap(({ link, service }) => [link, service])
  const overEdge = fitsEdge(findings)
  const subjects = [...away]
  // Slowness is what a sound application shows too: it must have been there throughout to tell that it is.
  if (entry.state === 'same') subjects.push(...slow.filter(({ fits }) => fits).map(({ link }) => link))
  if (edge.state === 'dead' && entry.state === 'same' && overEdge) subjects.push(edgeName)
  if (entry.state === 'stopped') subjects.push(entryName)
  if (edge.state !== 'fine' && entry.state === 'same' && runner.controlDead && overEdge)
    subjects.push('runner')
  const starves = trouble.family === 'no-answer' || trouble.family === 'starved'
  if (runner.starved && starves && (entry.state === 'same' || edge.state === 'fine')) subjects.push('runner')
  return [...new Set(subjects)]
}

/** Whether trouble between the runner and the entry makes such a failure. */
function fitsEdge({ trouble, entryName, edge }: Findings): boolean {
  if (trouble.kind !== 'failure') return trouble.down.includes(entryName)
  if (trouble.target !== entryName) return false
  const lost = ['peer-gone', 'no-answer', 'cut-short', 'name-gone'].includes(trouble.family)
  return lost || (trouble.family === 'answered-error' && isBySomebodyElse(trouble.exchange, edge))
}

/** Whether the answer says so itself, or is what the runner's looks were answered in place of the application. */
function isBySomebodyElse(exchange: Exchange | null, edge: Findings['edge']): boolean {
  if (exchange?.producer === 'intermediary') return true
  return (
    exchange?.producer === 'unknown' &&
    edge.state === 'dead' &&
    edge.outage.manner === 'unwell' &&
    edge.outage.codes.includes(exchange.code ?? '')
  )
}
