import type { Style } from '#report'
import type { GateProgress } from '#session'
import type { CommandContext } from './context.ts'

/** Prints where a run has got to, a line for each step: the same on a terminal and in a CI log. */
export function progressPrinter(context: CommandContext, style: Style): (progress: GateProgress) => void {
  return (progress) => context.out(lineOf(progress, style))
}

function lineOf(progress: GateProgress, style: Style): string {
  switch (progress.kind) {
    case 'environment':
      return `${progress.name} is up after ${(progress.ms / 1000).toFixed(1)} s`
    case 'discovered':
      return `${progress.tests} tests`
    case 'waiting':
      return style.warn(`waiting for ${progress.down.join(', ')}`)
    case 'rerun':
      return `rerun of ${progress.tests} ${progress.tests === 1 ? 'test' : 'tests'}, now that what they need is well`
    case 'test':
      return `${outcomeMark(progress.outcome, style)}  ${progress.id}${timeOf(progress.durationMs, style)}`
  }
}

function outcomeMark(outcome: 'passed' | 'failed' | 'blocked' | 'skipped', style: Style): string {
  const paint = { passed: style.good, failed: style.bad, blocked: style.warn, skipped: style.dim }[outcome]
  return paint(outcome.padEnd(7))
}

function timeOf(durationMs: number | undefined, style: Style): string {
  return durationMs === undefined ? '' : style.dim(`  ${Math.round(durationMs)} ms`)
}
