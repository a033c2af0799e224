import { lookup } from 'node:dns/promises'
import { orAbort } from '#core'
import type { OpenChannel } from '../channel.ts'

/**
 * Resolves the name in `dns://name` as a program on this machine would, by the system's resolver. There is no
 * connection to keep: every look asks anew. A resolver that is stuck keeps its thread after the look has ended.
 */
export const openDns: OpenChannel = async (target, _stopwatch, signal) => ({
  async ask(stopwatch) {
    const name = new URL(target.address).hostname
    const addresses = await orAbort(lookup(name, { all: true }), signal)
    stopwatch.lap('dnsMs')
    return { outcome: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
  },
  end: { kind: 'agreed' },
  close() {},
})
