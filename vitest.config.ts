import { defineConfig } from 'vitest/config'

/** Real processes, ports and browsers take their time on a busy machine. */
const patient = { testTimeout: 120_000, hookTimeout: 60_000 }

/** Gates whose verdicts don't hang on who else is at work. */
const aside = [
  'suites/init/**/*.test.ts',
  'suites/hardening/runs/*.test.ts',
  'suites/gate/{change,health,history,known-issues,timeout-budget,tour}.test.ts',
  'suites/remote/remote.test.ts',
]

export default defineConfig({
  resolve: { conditions: ['faultline-source'] },
  ssr: { resolve: { conditions: ['faultline-source', 'node'] } },
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    // One group after the other: verdicts want a machine that isn't busy with other suites.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{framework,fixtures/backend,scripts}/**/*.test.ts',
            // The rest of these suites asks what runs: the gate runs it.
            'suites/configuration/declared.test.ts',
            'suites/health/{agreement,certificate}.test.ts',
            'suites/defects/*.test.ts',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['suites/{framework,report}/**/*.test.ts', 'suites/hardening/*.test.ts'],
          ...patient,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'gate',
          include: ['suites/{attribution,gate,remote,chaos}/**/*.test.ts'],
          exclude: aside,
          ...patient,
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'aside',
          include: aside,
          ...patient,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'containers',
          include: ['suites/containers/**/*.test.ts'],
          ...patient,
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
