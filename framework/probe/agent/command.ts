import { type EntryCommand, entryCommand } from '#core'

/** The command that starts an owned agent: its configuration is the first line of stdin, and it ends when stdin closes. */
export function agentCommand(): EntryCommand {
  return entryCommand(import.meta.url, 'main')
}
