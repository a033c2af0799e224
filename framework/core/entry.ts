import { fileURLToPath } from 'node:url'

/** How to start one of our own entry files in a process of its own. */
export interface EntryCommand {
  readonly file: string
  readonly args: readonly string[]
}

/**
 * The command that runs `name` beside the module `from` (its `import.meta.url`): the TypeScript source where
 * the caller itself is source, the built file where it is built.
 */
export function entryCommand(from: string, name: string): EntryCommand {
  const isSource = from.endsWith('.ts')
  const file = fileURLToPath(new URL(`${name}${isSource ? '.ts' : '.js'}`, from))
  const flags = isSource ? ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning'] : []
  return { file: process.execPath, args: [...flags, file] }
}
