import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { errorCatalogue, FaultlineError, nearest } from '#core'

/** Where the pages of the error codes are, from the sources and from the package alike. */
const pages = new URL('../../docs/reference/errors/', import.meta.url)

/**
 * What there is to say about a topic: a command, or the code of an error. Without one, the whole program's help.
 * Throws FL1004 for a topic that nobody knows.
 */
export async function helpOn(program: Command, topic: string | undefined): Promise<string> {
  if (topic === undefined) return helpTextOf(program)
  const command = program.commands.find((one) => one.name() === topic)
  if (command) return helpTextOf(command)
  const code = topic.toUpperCase()
  if (Object.hasOwn(errorCatalogue, code))
    return (await readFile(new URL(`${code}.md`, pages), 'utf8')).trimEnd()
  const meant = nearest(topic, [...program.commands.map((one) => one.name()), ...Object.keys(errorCatalogue)])
  throw new FaultlineError('FL1004', `there is no help on "${topic}"`, {
    remedy: `${meant === undefined ? '' : `did you mean "${meant}"? `}\`faultline help\` lists the commands; error codes look like FL1001`,
  })
}

/** The help of a command as it is printed, with what stands after it: the example, the exit codes. */
export function helpTextOf(command: Command): string {
  const written: string[] = []
  command.configureOutput({ writeOut: (text) => void written.push(text) })
  command.outputHelp()
  return written.join('').trimEnd()
}
