import { defineToxic } from './toxic.ts'

/** Leaves data alone and closes `delay` ms after the source did. An update starts the wait anew. */
export const slowClose = defineToxic({
  type: 'slow_close',
  defaults: { delay: 0 },
  chunk: (stage, chunk) => stage.emit(chunk.bytes),
  async end(stage) {
    if (stage.attributes.delay > 0) stage.touch()
    while (!(await stage.pause(stage.attributes.delay)) && !stage.removed);
    stage.close()
  },
})
