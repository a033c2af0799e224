import type { Attempt, TestDefinition } from '#run'
import type { Needs } from '#topology'
import type { QuietPass } from './quiet-pass.ts'

/** What a test says of itself where it is defined; `discover` reads it. */
export interface DefinedMeta {
  readonly needs?: Needs
  readonly optional?: boolean
  /** A variant names the full title of the test that it stands in for, without the file. */
  readonly variant?: { readonly whenDegraded: string; readonly insteadOf?: string }
  /** Services whose variants stand in for this test. */
  readonly insteadOfBy?: readonly string[]
  /** The tests of this suite build on each other: they are rerun together. */
  readonly ordered?: boolean
}

/** What became of a test, written by the worker. */
export interface OutcomeMeta {
  readonly attempts: readonly (Attempt | QuietPass)[]
  readonly blocked?: { readonly by: readonly string[]; readonly strategy: 'graceful-skip' | 'fail-fast' }
  readonly skipped?: 'replaced' | 'not-degraded'
}

declare module 'vitest' {
  interface TaskMeta {
    faultline?: DefinedMeta
    faultlineOutcome?: OutcomeMeta
    /** On a module: the process that runs it. */
    faultlineWorker?: { readonly worker: string; readonly pid: number }
  }
}

/** The definition of a test from what it said of itself. `fullName` is Vitest's: file and titles, joined by ` > `. */
export function definitionOf(test: {
  fullName: string
  name: string
  file: string
  skipped: boolean
  meta: DefinedMeta | undefined
}): TestDefinition {
  const variant = test.meta?.variant
  return {
    id: test.fullName,
    name: test.name,
    file: test.file,
    needs: test.meta?.needs ?? {},
    required: test.meta?.optional !== true,
    skipped: test.skipped,
    ...(variant && {
      variant: {
        whenDegraded: variant.whenDegraded,
        ...(variant.insteadOf !== undefined && { insteadOf: `${test.file} > ${variant.insteadOf}` }),
      },
    }),
  }
}
