import type { Observation, Phases } from './observation.ts'

const phaseNames: readonly (readonly [keyof Phases, string])[] = [
  ['dnsMs', 'dns'],
  ['connectMs', 'connect'],
  ['tlsMs', 'tls'],
  ['firstByteMs', 'first byte'],
  ['totalMs', 'total'],
]
const header = [
  'target',
  'link',
  'vantage',
  'connection',
  'outcome',
  ...phaseNames.map(([, title]) => `${title} ms`),
  'detail',
]
/** Columns of numbers, which stand right. */
const firstNumber = 5
const lastNumber = firstNumber + phaseNames.length - 1

/** Observations as an aligned table of plain text, one look a line, ending in a line break. */
export function renderObservations(observations: readonly Observation[]): string {
  const rows = [header, ...observations.map(cells)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  '),
  )
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function cells(seen: Observation): string[] {
  const phases = phaseNames.map(([name]) => seen.phases[name]?.toFixed(1) ?? '-')
  const outcome = seen.code === undefined ? seen.outcome : `${seen.outcome} (${seen.code})`
  return [
    seen.target,
    seen.link ?? '-',
    seen.vantage,
    seen.connection,
    outcome,
    ...phases,
    printable(seen.detail ?? ''),
  ]
}

function pad(cell: string, column: number, width: number): string {
  return column >= firstNumber && column <= lastNumber ? cell.padStart(width) : cell.padEnd(width)
}

/** What a peer wrote must not break the line nor reach the terminal as a command. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}
