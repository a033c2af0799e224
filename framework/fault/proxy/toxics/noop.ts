import { defineToxic } from './toxic.ts'

/** Passes everything on. */
export const noop = defineToxic({
  type: 'noop',
  defaults: {},
  chunk: (stage, chunk) => stage.emit(chunk.bytes),
})
