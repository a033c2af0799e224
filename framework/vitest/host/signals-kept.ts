/**
 * Runs `start` so that nothing in it gets to listen for Ctrl-C or SIGTERM: Vitest and Vite would end the process at once,
 * before anything was cleared away or reported.
 */
export async function withSignalsKept<T>(start: () => Promise<T>): Promise<T> {
  const refuse = (name: string | symbol, listener: () => void) => {
    // The listener is there only once this event is over.
    if (name === 'SIGINT' || name === 'SIGTERM') queueMicrotask(() => process.off(name, listener))
  }
  process.on('newListener', refuse)
  try {
    return await start()
  } finally {
    process.off('newListener', refuse)
  }
}
