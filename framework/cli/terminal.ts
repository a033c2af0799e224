import { stripVTControlCharacters } from 'node:util'
import type { Style } from '#report'

export const clearLine = '\u001B[2K'

/** A line that is wider than the terminal would take two rows, and only one of them would be erased. */
export function fitting(line: string, columns: number, style: Style): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < columns ? line : style.dim(plain.slice(0, columns - 1))
}
