import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPlugin } from 'faultline/vitest'
import { defineConfig } from 'vitest/config'

const well = { strategy: 'normal', timeoutFactor: 1, blockedBy: [], because: [], degraded: [] } as const

/** Stands in for an environment that is up only after the test file has begun to load. */
export default defineConfig({
  plugins: [
    createPlugin(async ({ signal }) => {
      while (!existsSync(process.env['LOADED_FILE'] ?? '')) await sleep(20, undefined, { signal })
      return {
        hold() {},
        guide: {
          settings: {
            ...{ addresses: {}, baselines: {}, secrets: [], seed: 7 },
            policy: { retries: 0, retryDelayMs: 1 },
          },
          begin: async () => ({ kind: 'run', choice: well, snapshot: { at: 0, targets: [] } }),
          failed: async () => {},
          runnerSample() {},
          health: () => ({ at: 0, targets: [] }),
        },
        judge: async () => [],
        async [Symbol.asyncDispose]() {},
      }
    }),
  ],
  test: { include: ['*.e2e.ts'] },
})
