import { randomBytes } from 'node:crypto'
import { FaultlineError, Secret } from '#core'
import type { ProbeTarget } from '#probe'
import { type OwnedChild, startOwned } from './child.ts'
import { askingFor } from './names.ts'
import { logFile, type Site } from './site.ts'

/** The app-side agent: what looks from where the application does. */
export interface RunningAgent {
  readonly child: OwnedChild
  readonly token: Secret
}

/**
 * Starts the app-side agent on its port, with its own list of targets; they hold secrets and stay on its side. Names in them are
 * those of the server `names`.
 */
export async function startAgent(
  site: Site,
  targets: readonly ProbeTarget[],
  port: number,
  names: string | undefined,
): Promise<RunningAgent> {
  const { file, args } = site.options.entries.agent
  const token = new Secret(randomBytes(24).toString('base64url'))
  const child = await startOwned(
    {
      role: 'agent',
      ...askingFor(names, {
        command: { file, args: [...args, '--owned'] },
        environment: site.baseEnvironment,
      }),
      cwd: site.options.root,
      logFile: logFile(site.options, 'agent'),
      stopSignal: 'SIGTERM',
    },
    site.lease,
    {
      config: { host: '127.0.0.1', port, token: token.reveal(), targets },
      limitMs: 10_000,
      signal: site.signal,
    },
  )
  const { ready } = child
  if (typeof ready !== 'object' || ready === null || !('listening' in ready))
    throw new FaultlineError('FL2001', 'the agent did not say where it listens')
  return { child, token }
}
