import { stripVTControlCharacters } from 'node:util'

/** Of a longer text, the beginning and the end are read. */
const headLength = 160_000
const tailLength = 40_000

/** Text without what only repeats source code, with what caused what. */
export interface Layout {
  readonly text: string
  /** A number by which findings sort into the order of events: causes before what they caused. */
  readonly order: (position: number) => number
}

const stackFrame = /^\s{0,40}(?:\[[^\]]{0,40}\]\s{0,40})?(?:at|❯)\s/
const codeFrame = /^\s{0,20}(?:>\s{0,4})?(?:\d{1,6}\s?)?\|/
const causeMarker = /^\s{0,40}(?:\[[^\]]{0,40}\]\s{0,40})?["']?(?:\[cause\]|cause|caused by)["']?:/i
const end = /^\s{0,2}\}\s{0,4}$/

interface Section {
  readonly start: number
  readonly chain: number
  readonly depth: number
}

/**
 * Colours, stack frames and code frames are taken out: a source line that mentions a code is no fact. What
 * stands behind a `cause:` happened before what it stands in, so that it sorts first within its chain.
 */
export function layOut(raw: string): Layout {
  const kept: string[] = []
  const sections: Section[] = [{ start: 0, chain: 0, depth: 0 }]
  let length = 0
  let blank = false
  for (const line of stripVTControlCharacters(bounded(raw)).split(/\r?\n/)) {
    const last = sections.at(-1)!
    const isCause = causeMarker.test(line)
    if (isCause) sections.push({ start: length, chain: last.chain, depth: last.depth + 1 })
    else if (blank && line.trim() !== '') sections.push({ start: length, chain: last.chain + 1, depth: 0 })
    blank = line.trim() === '' || end.test(line)
    if (stackFrame.test(line) || codeFrame.test(line)) continue
    kept.push(line)
    length += line.length + 1
  }
  return { text: kept.join('\n'), order: (position) => orderOf(sections, position) }
}

function bounded(raw: string): string {
  if (raw.length <= headLength + tailLength) return raw
  return `${wholeLines(raw.slice(0, headLength), 'start')}\n${wholeLines(raw.slice(-tailLength), 'end')}`
}

/** Drops the line that the cut went through: half a secret is not recognised as one. */
function wholeLines(part: string, keep: 'start' | 'end'): string {
  const cut = keep === 'start' ? part.lastIndexOf('\n') : part.indexOf('\n')
  if (cut < 0) return part
  return keep === 'start' ? part.slice(0, cut) : part.slice(cut + 1)
}

/** Chains in order of appearance; within a chain the deepest cause first; within a section by position. */
function orderOf(sections: readonly Section[], position: number): number {
  let low = 0
  let high = sections.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sections[middle]!.start <= position) low = middle
    else high = middle - 1
  }
  const { chain, depth } = sections[low]!
  return chain * 1e12 - depth * 1e7 + position
}
