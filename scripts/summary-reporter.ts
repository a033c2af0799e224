import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends a run with one plain line, `N passed, N failed, N skipped`, and above it the reason of every skip, so that
 * nothing is silently absent. Errors outside tests, and files that can't be loaded, count as failed.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const brokenFiles = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0)
    for (const test of inState('skipped')) {
      const { note } = test.result() as { note?: string }
      console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}${note ? `: ${note}` : ''}`)
    }
    const failed = inState('failed').length + brokenFiles.length + errors.length
    // After the reporters that print details, whose output may still be on its way.
    process.once('exit', () =>
      console.log(
        `${inState('passed').length} passed, ${failed} failed, ${inState('skipped').length} skipped`,
      ),
    )
  }
}
