/** Levels, most severe first, with the words that LOG_LEVEL takes. */
export const logLevels = ['panic', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

export type LogLevel = (typeof logLevels)[number]

/** Takes one line of the server's log. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void

/** Writes one JSON object a line, from `threshold` up; `disabled` writes nothing. */
export function jsonLog(write: (line: string) => void, threshold: LogLevel | 'disabled'): Log {
  const limit = threshold === 'disabled' ? -1 : logLevels.indexOf(threshold)
  return (level, message, fields) => {
    if (logLevels.indexOf(level) > limit) return
    const time = `${new Date().toISOString().slice(0, 19)}Z`
    write(`${JSON.stringify({ level, ...fields, time, message })}\n`)
  }
}

/** A level by its word, in any case, or by zerolog's number; undefined for anything else. */
export function parseLogLevel(text: string): LogLevel | 'disabled' | undefined {
  const word = text.toLowerCase()
  if (word === 'disabled' || word === '7') return 'disabled'
  return logLevels.find((level, index) => level === word || String(logLevels.length - 2 - index) === word)
}
