import { messageOf } from '#core'
import type { OpenChannel } from '../channel.ts'
import { type Finding, LookFailure } from '../finding.ts'

/**
 * A look of the user's own. Returning is `ok`, a finding says something else; what it throws is read as an error of
 * Node, `pg` or `ws` would be. The signal aborts at the target's `timeoutMs`, and nobody waits for the look after that.
 */
export type CustomLook = (signal: AbortSignal) => Promise<Finding | void> | Finding | void

/** Looks by the default export of the module at the target's address. It keeps no connection, so every look is `new`. */
export const openCustom: OpenChannel = async (target, _stopwatch, signal) => {
  const look = await loadLook(target.address)
  return {
    ask: async () => (await look(signal)) ?? { outcome: 'ok' },
    end: { kind: 'agreed' },
    close() {},
  }
}

async function loadLook(address: string): Promise<CustomLook> {
  try {
    const { default: look } = (await import(address)) as { default?: unknown }
    if (typeof look === 'function') return look as CustomLook
  } catch (error) {
    throw new LookFailure({ outcome: 'misconfigured', detail: messageOf(error) })
  }
  throw new LookFailure({ outcome: 'misconfigured', detail: 'the module exports no function by default' })
}
