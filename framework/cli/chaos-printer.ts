import { renderFrame, renderFrameLines, type Style } from '#report'
import type { ExperimentProgress } from '#session'
import { clearLine, fitting } from './terminal.ts'

/** Prints where experiments have got to. */
export interface ChaosPrinter {
  progress(progress: ExperimentProgress): void
  /** What came of one, in the place of its progress. */
  result(text: string): void
}

/** Where it prints to. */
export interface ChaosScreen {
  readonly style: Style
  write(text: string): void
  /** How wide lines may be where they can be drawn again; absent where they can't. */
  readonly columns: (() => number) | undefined
}

/** On a terminal a few lines that are redrawn in place; elsewhere a line for each step. */
export function chaosPrinter({ style, write, columns }: ChaosScreen): ChaosPrinter {
  let drawn = 0
  const erase = () => {
    write(`\r${`\u001B[1A${clearLine}`.repeat(drawn)}`)
    drawn = 0
  }
  return {
    progress({ kind, frame }) {
      if (!columns) {
        if (kind === 'step') write(`${renderFrame(frame, style)}\n`)
        return
      }
      const lines = renderFrameLines(frame, style).map((line) => fitting(line, columns(), style))
      erase()
      write(lines.map((line) => `${line}\n`).join(''))
      drawn = lines.length
    },
    result(text) {
      if (drawn > 0) erase()
      write(`${text}\n`)
    },
  }
}
