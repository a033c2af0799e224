import { orAbort } from '#core'
import type { OpenChannel } from '../channel.ts'
import { resolve } from '../resolve.ts'

/**
 * Resolves the name in `dns://name` as a program on this machine would, by the system's resolver. There is no
 * connection to keep: every look asks anew.
 */
export const openDns: OpenChannel = async (target, _stopwatch, signal) => ({
  async ask(stopwatch) {
    const name = new URL(target.address).hostname
    const addresses = await orAbort(resolve(name), signal)
    stopwatch.lap('dnsMs')
    return { outcome: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
  },
  end: { kind: 'agreed' },
  close() {},
})
