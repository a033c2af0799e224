import { stripVTControlCharacters } from 'node:util'
import { renderFrame, type Style } from '#report'
import type { ExperimentProgress } from '#session'

/** Prints where experiments have got to. */
export interface ChaosPrinter {
  progress(progress: ExperimentProgress): void
  result(text: string): void
}

const clearLine = '\r\u001B[2K'

/** On a terminal one line that is redrawn in place; elsewhere a line for each step. */
export function chaosPrinter({
  style,
  isTerminal,
  out,
}: {
  style: Style
  isTerminal: boolean
  out: (text: string) => void
}): ChaosPrinter {
  if (!isTerminal)
    return {
      progress: ({ kind, frame }) => {
        if (kind === 'step') out(renderFrame(frame, style))
      },
      result: out,
    }
  return {
    progress: ({ frame }) => {
      process.stdout.write(`${clearLine}${fitting(renderFrame(frame, style), style)}`)
    },
    result: (text) => {
      process.stdout.write(clearLine)
      out(text)
    },
  }
}

/** A line that is wider than the terminal would be drawn again and again, one below the other. */
function fitting(line: string, style: Style): string {
  const width = process.stdout.columns || 80
  const plain = stripVTControlCharacters(line)
  return plain.length < width ? line : style.dim(plain.slice(0, width - 1))
}
