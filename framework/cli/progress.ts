import { now } from '#core'
import type { Style } from '#report'
import type { GateProgress } from '#session'
import { clearLine, fitting } from './terminal.ts'

/**
 * How much is said while a run is under way. `usual`: what went wrong, and how far it is. `quiet`: nothing.
 * `verbose`: every attempt and every change of health, with the seconds since the beginning.
 */
export type Loudness = 'quiet' | 'usual' | 'verbose'

export interface ProgressScreen {
  readonly style: Style
  readonly loudness: Loudness
  write(text: string): void
  /** How wide a line may be where it can be drawn again; absent where it can't: in a pipe, in a CI's log. */
  readonly columns: (() => number) | undefined
}

/** Prints where a run has got to. */
export interface ProgressPrinter {
  progress(progress: GateProgress): void
  /** Takes away what is drawn again and again: before anything else is printed. */
  end(): void
}

type Outcome = Extract<GateProgress, { kind: 'test' }>['outcome']

/** In a log that can't be drawn again, how far a run is, at most that often. */
const countEveryMs = 10_000

/** On a terminal the count of tests is drawn again in place; elsewhere it is a line now and then. */
export function progressPrinter({ style, loudness, write, columns }: ProgressScreen): ProgressPrinter {
  const begin = now()
  const outcomes = new Map<string, Outcome>()
  let total = 0
  let counted = begin
  let drawn = false
  const erase = () => {
    if (drawn) write(`\r${clearLine}`)
    drawn = false
  }
  const count = () => {
    if (loudness === 'verbose' || total === 0) return
    const line = countLine(outcomes, total, style)
    if (columns) {
      write(fitting(line, columns(), style))
      drawn = true
    } else if (now() - counted >= countEveryMs) {
      counted = now()
      write(`${line}\n`)
    }
  }
  return {
    progress(progress) {
      if (loudness === 'quiet') return
      if (progress.kind === 'discovered') total = progress.tests
      if (progress.kind === 'test') outcomes.set(progress.id, progress.outcome)
      const line = lineOf(progress, loudness, style)
      erase()
      if (line !== undefined) {
        const since = style.dim(`${((now() - begin) / 1000).toFixed(1).padStart(6)} s  `)
        write(`${loudness === 'verbose' ? since : ''}${line}\n`)
      }
      count()
    },
    end: erase,
  }
}

/** What is said of a step; undefined where it is only counted. */
function lineOf(progress: GateProgress, loudness: Loudness, style: Style): string | undefined {
  switch (progress.kind) {
    case 'environment':
      return `${progress.name} is up after ${(progress.ms / 1000).toFixed(1)} s`
    case 'discovered':
      return `${progress.tests} tests`
    case 'waiting':
      return style.warn(`waiting for ${progress.down.join(', ')}`)
    case 'rerun':
      return `rerun of ${progress.tests} ${progress.tests === 1 ? 'test' : 'tests'}, now that what they need is well`
    case 'control-arm':
      return `${progress.tests} ${progress.tests === 1 ? 'failure' : 'failures'} again by turns, here and on the known-good deployment`
    case 'health':
      return loudness === 'verbose' ? healthLine(progress, style) : undefined
    case 'test':
      return loudness === 'verbose' || ['failed', 'blocked'].includes(progress.outcome)
        ? testLine(progress, loudness, style)
        : undefined
  }
}

function testLine(
  { outcome, id, durationMs, attempt }: Extract<GateProgress, { kind: 'test' }>,
  loudness: Loudness,
  style: Style,
): string {
  const details = [
    ...(durationMs === undefined ? [] : [`${Math.round(durationMs)} ms`]),
    ...(attempt && loudness === 'verbose' ? [`attempt ${attempt.n}, ${attempt.strategy}`] : []),
  ]
  return `${paintOf(outcome, style)(outcome.padEnd(7))}  ${id}${style.dim(details.map((each) => `  ${each}`).join(''))}`
}

function healthLine({ change }: Extract<GateProgress, { kind: 'health' }>, style: Style): string {
  const { target, link, vantage, status, reason } = change
  const paint = status === 'healthy' ? style.good : style.warn
  return `${paint('health ')}  ${link ?? target} (${vantage}): ${status}${reason === undefined ? '' : style.dim(`  ${reason}`)}`
}

/** `12 of 25 tests: 1 failed, 2 blocked`. */
function countLine(outcomes: ReadonlyMap<string, Outcome>, total: number, style: Style): string {
  const troubles = (['failed', 'blocked'] as const).flatMap((outcome) => {
    const number = [...outcomes.values()].filter((each) => each === outcome).length
    return number === 0 ? [] : [paintOf(outcome, style)(`${number} ${outcome}`)]
  })
  return `${outcomes.size} of ${total} tests${troubles.length > 0 ? `: ${troubles.join(', ')}` : ''}`
}

function paintOf(outcome: Outcome, style: Style) {
  return { passed: style.good, failed: style.bad, blocked: style.warn, skipped: style.dim }[outcome]
}
