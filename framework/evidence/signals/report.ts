import type { Signal } from '../signal.ts'
import { firstCause } from './order.ts'
import { type ReadOptions, signalsOfText } from './text.ts'

/**
 * What `faultline signals` prints for its input: one text, or NDJSON with `{"id","text"}` a line. With `json`, or for
 * NDJSON, one line `{"id","signals"}` for each text; else a list for people.
 */
export function signalsReport(input: string, options: { readonly json: boolean } & ReadOptions): string {
  const samples = samplesOf(input)
  if (!samples && !options.json) return listOf(signalsOfText(input, options))
  return (samples ?? [{ id: 'input', text: input }])
    .map(({ id, text }) => `${JSON.stringify({ id, signals: signalsOfText(text, options).map(lineOf) })}\n`)
    .join('')
}

interface Sample {
  readonly id: string
  readonly text: string
}

/** The samples of an NDJSON input; undefined when any line is something else. */
function samplesOf(input: string): Sample[] | undefined {
  const lines = input.split('\n').filter((line) => line.trim() !== '')
  const samples = lines.map(sampleOf)
  return samples.length > 0 && samples.every((sample) => sample !== undefined) ? samples : undefined
}

function sampleOf(line: string): Sample | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { id, text } = JSON.parse(line) as { id?: unknown; text?: unknown }
    return typeof text === 'string' ? { id: String(id ?? ''), text } : undefined
  } catch {
    return undefined
  }
}

function lineOf({ kind, code, stableCode, family, match, host, port, consequence }: Signal) {
  return { kind, code, stableCode, family, match, host, port, consequence }
}

function listOf(signals: readonly Signal[]): string {
  if (signals.length === 0) return 'No signal found.\n'
  const first = firstCause(signals)
  const width = Math.max(...signals.map((signal) => signal.stableCode.length))
  const rows = signals.map((signal) => {
    const where = [signal.host, signal.port].filter((part) => part !== undefined).join(':')
    const note = signal === first ? 'first' : signal.consequence ? 'consequence' : ''
    const parts = [signal.stableCode.padEnd(width), signal.family.padEnd(14), signal.code, where, note]
    return `${parts.filter((part) => part !== '').join('  ')}\n    ${signal.match.replaceAll('\n', ' ')}`
  })
  return `${rows.join('\n')}\n`
}
