import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { RunObserver } from './observer.ts'

/** The one reporter of a Vitest that a host drives: it hands on to whoever observes the run of the moment. */
export class HostRelay implements Reporter {
  observer: RunObserver | undefined

  onTestModuleCollected(module: TestModule): void {
    this.observer?.onTestModuleCollected(module)
  }

  onTestCaseReady(test: TestCase): void {
    this.observer?.onTestCaseReady(test)
  }

  onTestCaseResult(test: TestCase): void {
    this.observer?.onTestCaseResult(test)
  }
}
