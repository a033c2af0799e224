import { apiError } from './api-error.ts'

/** A number as it was written: whether `1.0` or `1e3` counts as whole is decided where it is used. */
export class NumberLiteral {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

export type JsonValue = null | boolean | string | NumberLiteral | JsonValue[] | { [key: string]: JsonValue }

/** Reads the first JSON value of a request body; what follows it is ignored. Throws a 400 {@link ApiError}. */
export function parseBody(text: string): JsonValue {
  const start = text.search(/[^ \t\r\n]/)
  if (start < 0) throw apiError.badBody('EOF')
  const end = endOfValue(text, start)
  if (end === undefined) throw apiError.badBody('unexpected EOF')
  try {
    return JSON.parse(text.slice(start, end), keepNumbers) as JsonValue
  } catch {
    throw apiError.badBody(
      `invalid character in ${JSON.stringify(text.slice(start, Math.min(end, start + 40)))}`,
    )
  }
}

/** Compact JSON with `<`, `>` and `&` escaped, as Go writes it. */
export function stringify(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
}

function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new NumberLiteral(context?.source ?? String(value)) : value
}

/** Where the value that starts at `start` ends; undefined when the text ends first. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s"{}[\],:]+|[,:\s]+|"/gs
  token.lastIndex = start
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match
    if (found === '"') return undefined
    if (found === '{' || found === '[') depth++
    else if (found === '}' || found === ']') depth--
    if (depth <= 0) return token.lastIndex
  }
  return undefined
}
