import { now, sleep } from '#core'
import type { RunningEnvironment } from '#environment'
import type { ExperimentPorts, LinkSample } from '#experiment'
import type { LedgerIndexBody } from '#fault'
import type { LinkName } from '#topology'

/** Short enough to tell a breaker's silence from the gap between two requests. */
const everyMs = 50

/** Follows the application's side of links by the proxy's ledger. A look that fails is a gap. */
export function watchLinks(
  { proxy }: Pick<RunningEnvironment, 'proxy'>,
  links: readonly LinkName[],
): ReturnType<ExperimentPorts['watchLinks']> {
  const samples = new Map<LinkName, LinkSample[]>()
  const stopping = new AbortController()
  const look = async (url: string) => {
    const askedAt = now()
    const response = await fetch(`${url}/faultline/ledger`, { signal: AbortSignal.timeout(2000) })
    const ledger = (await response.json()) as LedgerIndexBody
    const at = now()
    for (const link of links) {
      // The first proxy of a link is the application's; the agent's is beside it.
      const summary = ledger[proxiesOf(link)[0] ?? '']
      if (!summary) continue
      const { accepted, open, bytesUp, requests, failedRequests } = summary
      const sample = {
        ...{ at, tookMs: at - askedAt, accepted, open, bytesUp, isBehindFaults },
        ...(requests !== undefined && { requests }),
        ...(failedRequests !== undefined && { failedRequests }),
      }
      samples.set(link, [...(samples.get(link) ?? []), sample])
    }
  }
  const follow = async (url: string) => {
    while (!stopping.signal.aborted) {
      await look(url).catch(() => {})
      await sleep(everyMs, stopping.signal).catch(() => {})
    }
  }
  const isBehindFaults = proxy?.ledgerUrl !== undefined
  const url = proxy && (proxy.ledgerUrl ?? proxy.apiUrl)
  const proxiesOf = (link: LinkName) => proxy?.proxiesOf(link) ?? []
  const following = url !== undefined && links.length > 0 ? follow(url) : Promise.resolve()
  return {
    samples: () => Object.fromEntries(samples),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await following
    },
  }
}
