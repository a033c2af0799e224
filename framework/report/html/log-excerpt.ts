import type { Interval } from '#core'
import { html, type Markup } from './markup.ts'
import { counted } from './words.ts'

/** What one service wrote about itself in a run: lines in their order, each with its moment. */
export interface ServiceLog {
  readonly service: string
  readonly lines: readonly LogLine[]
}

export interface LogLine {
  readonly at: number
  readonly text: string
}

/** How much before and after an incident is told too, in ms. */
const aroundMs = 1_000
const maxLines = 12
const maxLength = 400

/** What services wrote around these windows; of many lines, the last before each window's end. */
export function logExcerpts(logs: readonly ServiceLog[], windows: readonly Interval[]): Markup | null {
  const told = logs.flatMap(({ service, lines }) => {
    const near = lines.filter(({ at }) =>
      windows.some(({ from, to }) => at >= from - aroundMs && at <= to + aroundMs),
    )
    return near.length === 0 ? [] : [excerpt(service, near)]
  })
  return told.length === 0 ? null : html`<h3>What services wrote meanwhile</h3>${told}`
}

function excerpt(service: string, lines: readonly LogLine[]): Markup {
  const shown = lines.slice(-maxLines)
  const text = shown.map((line) => cut(line.text)).join('\n')
  const left = lines.length - shown.length
  return html`<details class="log"><summary>${service} <span class="quiet">${counted(lines.length, 'line')}${left > 0 ? `, the last ${maxLines} shown` : ''}</span></summary>
<pre tabindex="0" aria-label="Log of ${service}">${text}</pre></details>`
}

function cut(text: string): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)} …` : text
}

const iso = /^\W{0,2}(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,6})?) ?(Z|UTC|[+-]\d\d:?\d\d)?/
const epoch = /"(?:time|at|timestamp)":(\d{13})\b/

/**
 * The lines of a log with their moments: pino's epoch or an ISO time at the beginning. A line without one belongs to the moment of
 * the line before; those before the first moment are left out.
 */
export function readLog(text: string): LogLine[] {
  const lines: LogLine[] = []
  let at: number | undefined
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    at = momentOf(line) ?? at
    if (at !== undefined) lines.push({ at, text: line })
  }
  return lines
}

function momentOf(line: string): number | undefined {
  const found = epoch.exec(line)?.[1]
  if (found !== undefined) return Number(found)
  const [, day, time, zone = 'Z'] = iso.exec(line) ?? []
  if (day === undefined || time === undefined) return undefined
  const parsed = Date.parse(`${day}T${time.replace(',', '.')}${zone === 'UTC' ? 'Z' : zone}`)
  return Number.isNaN(parsed) ? undefined : parsed
}
