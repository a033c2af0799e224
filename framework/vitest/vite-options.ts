import { fileURLToPath } from 'node:url'
import type { Vite } from 'vitest/node'

const isSource = import.meta.url.endsWith('.ts')

/** The file of Faultline's Vitest runner. */
export const runnerFile = fileURLToPath(new URL(`./runner${isSource ? '.ts' : '.js'}`, import.meta.url))

/** The folder that Faultline's modules lie in. */
const faultlineDir = fileURLToPath(new URL('../', import.meta.url))

/** What any Vitest that runs Faultline's tests needs of Vite. */
export function viteOptions(): Vite.UserConfig {
  if (!isSource) return {}
  return {
    resolve: { conditions: ['faultline-source'] },
    ssr: { resolve: { conditions: ['faultline-source', 'node'] } },
  }
}

/**
 * What workers need of Vitest: Faultline's modules are loaded by Node, past Vite. Vitest loads the runner and forgets
 * its modules before it loads a test file; the two would otherwise not share what they hold.
 */
export function workerOptions(): { execArgv: string[]; server: { deps: { external: RegExp[] } } } {
  const escaped = faultlineDir.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return {
    execArgv: isSource ? ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning'] : [],
    server: { deps: { external: [new RegExp(`^${escaped}`)] } },
  }
}
