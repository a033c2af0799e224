import { FaultlineError, messageOf } from '#core'
import type { Variables } from '../basics.ts'
import { runCommand } from '../run-command.ts'
import type { Engine } from './engine.ts'

/** A Docker Compose that answers: the plugin of `docker`, or the program of its own that came before. */
export interface ComposeCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly version: string
}

const known: readonly Pick<ComposeCommand, 'file' | 'args'>[] = [
  { file: 'docker', args: ['compose'] },
  { file: 'docker-compose', args: [] },
]

/** Finds Docker Compose. Throws FL2006 where there is none. */
export async function findCompose(variables: Variables, signal: AbortSignal): Promise<ComposeCommand> {
  const failures: string[] = []
  const environment = definedOf(variables)
  for (const { file, args } of known) {
    try {
      const printed = await runCommand(file, [...args, 'version', '--short'], { environment, signal })
      return { file, args, version: printed.trim() }
    } catch (error) {
      signal.throwIfAborted()
      const [reason] = messageOf(error).split('\n')
      failures.push(`${[file, ...args].join(' ')} (${reason})`)
    }
  }
  throw new FaultlineError('FL2006', `Docker Compose is not here; tried: ${failures.join(', ')}`, {
    remedy: 'A compose file needs it: install the plugin docker-compose-plugin, or docker-compose.',
  })
}

/** The environment that Compose gets: that of Faultline itself, which a compose file may name variables of, and its engine. */
export function composeEnvironment(variables: Variables, { docker }: Engine): Record<string, string> {
  const { socketPath } = docker.modem as { socketPath?: string }
  return { ...(socketPath !== undefined && { DOCKER_HOST: `unix://${socketPath}` }), ...definedOf(variables) }
}

function definedOf(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(entries)
}
