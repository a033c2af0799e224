import { type EntryCommand, entryCommand } from '#core'

/**
 * The command that starts the runner's probe: one `RunnerSample` as JSON a line on stdout, every 250 ms, until its
 * stdin closes.
 */
export function runnerCommand(): EntryCommand {
  return entryCommand(import.meta.url, 'runner-main')
}
