import { BaseSequencer, type CliOptions, type TestSpecification } from 'vitest/node'
import { runnerFile, workerOptions } from '../vite-options.ts'

/** Files in the order of their paths, so that two runs are alike. */
class ByPath extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    return specifications.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
  }
}

/** The options of a Vitest that is driven by a host: nothing on the terminal, one process a file. */
export function hostOptions({
  root,
  globs,
  configFile,
  maxWorkers,
}: {
  root: string
  globs: readonly string[]
  configFile?: string
  maxWorkers?: number
}): CliOptions {
  return {
    root,
    config: configFile ?? false,
    include: [...globs],
    watch: false,
    runner: runnerFile,
    pool: 'forks',
    isolate: true,
    disableConsoleIntercept: true,
    sequence: { sequencer: ByPath },
    cache: false,
    passWithNoTests: true,
    dangerouslyIgnoreUnhandledErrors: true,
    allowOnly: true,
    teardownTimeout: 2000,
    ...workerOptions(),
    ...(maxWorkers !== undefined && { maxWorkers }),
  }
}
