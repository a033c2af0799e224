import { createHash } from 'node:crypto'
import type { Attempt } from '#run'

/**
 * What a failure is recognised by in another run: `f-` and twelve hex digits, made from the test's name, the first error's
 * name, message and top frame of one's own, and the codes of its signals. Numbers, ids, times, addresses and
 * paths outside the project don't count; codes do: a 503 isn't a 500. Null for an attempt that passed.
 */
export function fingerprintOf(attempt: Attempt, root: string): string | null {
  if (attempt.outcome === 'passed') return null
  const [error] = attempt.errors
  const codes = attempt.signals
    .filter((signal) => !signal.consequence)
    .map(({ stableCode, code }) => `${stableCode} ${/^[\w.-]{1,40}$/.test(code) ? code : plainMessage(code)}`)
  const parts = [
    plainMessage(attempt.testId),
    error?.name ?? '',
    plainMessage(error?.message ?? ''),
    ownFrame(error?.stack ?? '', root),
    ...[...new Set(codes)].sort(),
  ]
  return `f-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)}`
}

/** The order matters: what is part of something longer comes after it. */
const volatile: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  [/\u001B\[[0-9;]*m/g, ''],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`)]+/gi, '<url>'],
  [/(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][\w.@ -]+){2,}(?::\d+)*/g, '<path>'],
  [/\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '<id>'],
  [/\d+(?:[.,:]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
]

/** A text without what differs from run to run. */
export function plainMessage(text: string): string {
  return volatile.reduce((plain, [pattern, word]) => plain.replace(pattern, word), text.slice(0, 4000)).trim()
}

/** The function and file of the first frame that is neither a library's nor Node's; lines move, and don't count. */
function ownFrame(stack: string, root: string): string {
  for (const line of stack.split('\n')) {
    const found = /^\s*at (?:(?:async )?(.*?) \()?(?:file:\/\/)?([^()]+?):\d+(?::\d+)?\)?$/.exec(line)
    if (!found) continue
    const [, name = '', file = ''] = found
    if (file.startsWith('node:') || file.includes('node_modules/') || !file.startsWith(`${root}/`)) continue
    return `${name} ${file.slice(root.length + 1)}`
  }
  return ''
}
