import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, orAbort } from '#core'
import { topologyOf } from '#environment'
import { namedLinksOf, parseFault } from '#fault'
import { connectionDetails, openEnvironment, openSettings, startStandingFaults } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface UpOptions {
  readonly config?: string
  readonly env?: string
  readonly json?: string
  readonly inject?: readonly string[]
}

/** `faultline up`: keeps an environment running until it is told to stop, and says how to reach it. */
export async function up(context: CommandContext, options: UpOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  const topology = topologyOf(settings.environment.definition)
  const faults = (options.inject ?? []).map((text) => parseFault(text, topology))
  const namedLinks = namedLinksOf(faults)
  await using opened = await openEnvironment(settings, variables, context.signal, namedLinks)
  const { environment } = opened
  await using _standing = await startStandingFaults(faults, opened, context.signal)
  const details = connectionDetails(environment)
  if (options.json) {
    const file = path.resolve(context.cwd, options.json)
    await writeFile(file, `${JSON.stringify(details.withSecrets, null, 2)}\n`, { mode: 0o600 })
    context.out(`connection details, secrets included: ${file}`)
  }
  context.out(details.text)
  context.out('up; Ctrl-C ends it')
  throw await orAbort(environment.lost, context.signal)
}
