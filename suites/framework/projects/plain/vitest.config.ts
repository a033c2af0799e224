import { createPlugin } from 'faultline/vitest'
import { defineConfig } from 'vitest/config'

const well = { strategy: 'normal', timeoutFactor: 1, blockedBy: [], because: [], degraded: [] } as const

/** Stands in for the judging: it blocks by title, and has a word on every failure. */
export default defineConfig({
  plugins: [
    createPlugin(async () => ({
      hold() {},
      guide: {
        begin: async ({ testId }) =>
          testId.includes('needs the database')
            ? { kind: 'blocked', choice: { ...well, strategy: 'graceful-skip', blockedBy: ['database'] } }
            : { kind: 'run', choice: well, snapshot: { at: 0, targets: [] } },
        failed: async () => {},
        runnerSample() {},
        health: () => ({ at: 0, targets: [] }),
      },
      judge: async ({ attempts }) =>
        attempts
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ testId, signals }) => ({ testId, line: `judged by ${signals[0]?.stableCode}` })),
      async [Symbol.asyncDispose]() {
        console.log('the judging has ended')
      },
    })),
  ],
  test: { include: ['*.e2e.ts'] },
})
