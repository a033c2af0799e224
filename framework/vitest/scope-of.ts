import type { TestContext } from 'vitest'
import { Redactor } from '#core'
import type { Needs } from '#topology'
import { unguidedSettings } from './provided.ts'
import { AttemptScope } from './scope.ts'
import { workerName } from './worker.ts'

declare module 'vitest' {
  interface TestContext {
    /** The attempt that is running; absent when Vitest runs without Faultline's runner. */
    readonly faultlineScope?: AttemptScope | undefined
  }
}

const alone = new WeakMap<TestContext, AttemptScope>()

/** The attempt of a running test; without Faultline's runner, one that nobody guides and nobody reads. */
export function scopeOf(context: TestContext, needs: Needs = {}): AttemptScope {
  const existing = context.faultlineScope ?? alone.get(context)
  if (existing) return existing
  const scope = new AttemptScope({
    testId: context.task.fullName,
    testFile: context.task.file.filepath,
    n: 1,
    worker: workerName,
    needs,
    settings: unguidedSettings,
    redactor: new Redactor(),
    coordinator: undefined,
    capture: undefined,
  })
  alone.set(context, scope)
  context.onTestFinished(() => scope.close())
  return scope
}
