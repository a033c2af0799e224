const names = ['SIGINT', 'SIGTERM'] as const

/**
 * Calls `start`, and leaves its process's answers to Ctrl-C and SIGTERM as they are: Vitest would end the process within
 * a millisecond, before anything was cleared away or reported.
 */
export async function withSignalsKept<T>(start: () => Promise<T>): Promise<T> {
  const before = names.map((name) => ({ name, listeners: new Set(process.listeners(name)) }))
  const removeOthers = () => {
    for (const { name, listeners } of before)
      for (const listener of process.listeners(name))
        if (!listeners.has(listener)) process.off(name, listener)
  }
  const started = start()
  // Vitest listens as soon as it is called: a signal may come before it has started.
  removeOthers()
  const result = await started
  removeOthers()
  return result
}
