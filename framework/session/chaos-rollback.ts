import { DeadlineExceeded, messageOf, waitFor } from '#core'
import type { RunningEnvironment } from '#environment'
import type { RollBack } from '../experiment/index.ts'

/** A service that a fault had stopped is given so long to be started again. */
const limitMs = 10_000

interface ProxyState {
  readonly enabled: boolean
  readonly toxics: readonly unknown[]
}

/** Looks, at the proxies themselves and at the processes, whether anything of a fault is left. */
export async function proveRolledBack(
  environment: Pick<RunningEnvironment, 'proxy' | 'processes' | 'kind'>,
  services: readonly string[],
): Promise<RollBack> {
  const { proxy } = environment
  if (!proxy) return { proven: false, detail: 'this environment has no fault proxies to ask' }
  let proxies = 0
  let left: string[] = []
  try {
    await waitFor(
      async () => {
        const states = await proxyStates(proxy.apiUrl)
        proxies = Object.keys(states).length
        left = [...hurt(states), ...missing(environment, services)]
        return left.length === 0
      },
      { limitMs, everyMs: 100 },
    )
    return {
      proven: true,
      detail: `${proxies} proxies listen and carry no toxic, ${services.length} services run`,
    }
  } catch (error) {
    const why = error instanceof DeadlineExceeded ? left.join('; ') : messageOf(error)
    return { proven: false, detail: why }
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

/** Processes are ours to see only where they are children of ours. */
function missing(
  { kind, processes }: Pick<RunningEnvironment, 'kind' | 'processes'>,
  services: readonly string[],
) {
  if (kind !== 'embedded') return []
  const roles = processes().map(({ role }) => role)
  return services.filter((service) => !roles.includes(service)).map((service) => `${service} does not run`)
}
