import { DeadlineExceeded, messageOf, waitFor } from '#core'
import type { ProcessEntry, RunningEnvironment } from '#environment'
import type { RollBack } from '#experiment'

/** A service that a fault had stopped is given so long to be started again. */
const limitMs = 10_000

interface ProxyState {
  readonly enabled: boolean
  readonly toxics: readonly unknown[]
}

/** Looks, at the proxies themselves and at the processes, whether anything of a fault is left. */
export async function proveRolledBack(
  { proxy, kind, processes }: Pick<RunningEnvironment, 'proxy' | 'processes' | 'kind'>,
  services: readonly string[],
  giveUpAfterMs = limitMs,
): Promise<RollBack> {
  if (!proxy) return { proven: false, detail: 'this environment has no fault proxies to ask' }
  // Elsewhere services are no children of ours, and their proxies are all that can be asked.
  const watched = kind === 'embedded' ? services : []
  let left: string[] = []
  try {
    const count = await waitFor(
      async () => {
        const states = await proxyStates(proxy.apiUrl)
        left = [...hurt(states), ...missing(processes(), watched)]
        return left.length === 0 && Object.keys(states).length
      },
      { limitMs: giveUpAfterMs, everyMs: 100 },
    )
    const running = watched.length > 0 ? `, all ${watched.length} services run` : ''
    return { proven: true, detail: `all ${count} proxies listen and carry no toxic${running}` }
  } catch (error) {
    return { proven: false, detail: error instanceof DeadlineExceeded ? left.join('; ') : messageOf(error) }
  }
}

async function proxyStates(apiUrl: string): Promise<Record<string, ProxyState>> {
  const response = await fetch(`${apiUrl}/proxies`, { signal: AbortSignal.timeout(2000) })
  return (await response.json()) as Record<string, ProxyState>
}

function hurt(states: Readonly<Record<string, ProxyState>>): string[] {
  return Object.entries(states).flatMap(([name, { enabled, toxics }]) => [
    ...(enabled ? [] : [`${name} does not listen`]),
    ...(toxics.length === 0 ? [] : [`${name} still carries a toxic`]),
  ])
}

function missing(processes: readonly ProcessEntry[], services: readonly string[]): string[] {
  const roles = processes.map(({ role }) => role)
  return services.filter((service) => !roles.includes(service)).map((service) => `${service} does not run`)
}
