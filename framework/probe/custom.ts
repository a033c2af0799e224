import { Redactor } from '#core'
import type { Channel } from './channel.ts'
import type { Finding } from './finding.ts'
import { ChannelProber, type Prober } from './prober.ts'
import type { LookLimits } from './target.ts'

/**
 * A look of the user's own. Returning is `ok`, a finding says something else; what it throws is read as an error of
 * Node, `pg` or `ws` would be. The signal aborts at the target's `timeoutMs`, and nobody waits for the look after that.
 */
export type CustomLook = (signal: AbortSignal) => Promise<Finding | undefined> | Finding | undefined

/** A prober around a look of the user's own. It keeps no connection, so every look is `new`. */
export function createCustomProber(target: LookLimits, look: CustomLook): Prober {
  const open = async (_stopwatch: unknown, signal: AbortSignal): Promise<Channel> => ({
    ask: async () => (await look(signal)) ?? { outcome: 'ok' },
    end: { kind: 'agreed' },
    close() {},
  })
  return new ChannelProber(target, new Redactor(), async () => open)
}
