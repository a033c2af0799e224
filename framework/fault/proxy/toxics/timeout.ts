import { defineToxic } from './toxic.ts'

/** Swallows all data, and closes after `timeout` ms without any; 0 never closes by itself. */
export const timeout = defineToxic({
  type: 'timeout',
  defaults: { timeout: 0 },
  closesWhenRemoved: true,
  idleLimitMs: ({ timeout }) => (timeout > 0 ? timeout : undefined),
  async chunk(stage) {
    stage.touch()
  },
})
