import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['faultline-source'] },
  ssr: { resolve: { conditions: ['faultline-source', 'node'] } },
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['framework/**/*.test.ts', 'fixtures/backend/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'suites',
          include: ['suites/{framework,gate,remote,report}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'containers',
          include: ['suites/containers/**/*.test.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
          maxConcurrency: 2,
          // After everything else: verdicts need a machine that isn't busy with other suites.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
