import { faultline } from 'faultline/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [faultline()], test: { include: ['suites/staging/*.test.ts'] } })
