import { type ExitCode, exitCode, sleep } from '#core'
import { renderObservations } from '#probe'
import { createLooker, entryAnswers, openEnvironment, openSettings } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface ProbeOptions {
  readonly config?: string
  readonly env?: string
  readonly json?: boolean
  readonly watch?: boolean
}

const watchEveryMs = 1000

/** `faultline probe`: looks at everything once, or again and again. */
export async function probe(context: CommandContext, options: ProbeOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  await using opened = await openEnvironment(settings, variables, context.signal)
  await entryAnswers(opened.environment, context.signal)
  await using looker = await createLooker(opened.environment, settings.probes, context.signal)
  do {
    const observations = opened.redactor.value(await looker.look(context.signal))
    if (options.json) for (const look of observations) context.out(JSON.stringify(look))
    else context.out(renderObservations(observations))
    if (options.watch) await sleep(watchEveryMs, context.signal)
  } while (options.watch)
  return exitCode.pass
}
