import { type EntryCommand, entryCommand } from '#core'

/** The command that runs a fault proxy in a process of its own; see `main.ts` for its arguments. */
export function proxyCommand(): EntryCommand {
  return entryCommand(import.meta.url, './main')
}
