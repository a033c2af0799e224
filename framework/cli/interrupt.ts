import { type ExitCode, exitCode } from '#core'

/** Why a command was asked to stop; the reason of its signal. */
export class Interrupted extends Error {
  readonly exit: ExitCode
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`)
    this.name = 'Interrupted'
    this.exit = signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated
  }
}

/**
 * A signal that aborts on the first Ctrl-C or SIGTERM, so that the command cleans up; the second ends the process at
 * once, and the keeper cleans up instead.
 */
export function interruptible(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const stop = (name: 'SIGINT' | 'SIGTERM') => {
    const reason = new Interrupted(name)
    if (controller.signal.aborted) process.exit(reason.exit)
    controller.abort(reason)
  }
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => ({ name, handler: () => stop(name) }))
  for (const { name, handler } of handlers) process.on(name, handler)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const { name, handler } of handlers) process.off(name, handler)
    },
  }
}
