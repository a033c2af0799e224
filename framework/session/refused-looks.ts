import { type EpochMs, now } from '#core'
import { isRefusing, type LinkFaults } from '#fault'
import { type LinkName, splitClient } from '#topology'

/**
 * Link faults of which our own looks tell, too, whether they bit. What the kernel refuses, or lets hang, reaches no ledger of a
 * proxy: a look over the link that came to nothing while the fault was on is a connection that it changed.
 * `lastDeadLook` says when the latest such look over a link began.
 */
export function withRefusedLooks(
  faults: LinkFaults,
  lastDeadLook: (link: LinkName) => EpochMs | undefined,
): LinkFaults {
  return {
    async inject(spec) {
      const handle = await faults.inject(spec)
      const { link, client } = splitClient(spec.target.name)
      if (!isRefusing(spec) || client === 'app') return handle
      const onAt = now()
      return {
        ...handle,
        async bit() {
          const bit = await handle.bit()
          if (bit === true) return bit
          const at = lastDeadLook(link)
          return at !== undefined && at >= onAt ? true : bit
        },
      }
    },
  }
}
