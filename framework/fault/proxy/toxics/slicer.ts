import type { Random } from '#core'
import { defineToxic } from './toxic.ts'

/**
 * Cuts every chunk into pieces of about `average_size` ± `size_variation` bytes, with `delay` µs after each.
 * An average of 0 or less passes the data uncut; a variation as large as the average is taken as one less.
 */
export const slicer = defineToxic({
  type: 'slicer',
  defaults: { average_size: 0, size_variation: 0, delay: 0 },
  async chunk(stage, { bytes }) {
    const { average_size: average, size_variation: variation, delay } = stage.attributes
    if (average <= 0) return stage.emit(bytes)
    stage.touch()
    let from = 0
    let dueAt = performance.now()
    for (const to of cuts(0, bytes.length, average, Math.min(variation, average - 1), stage.random)) {
      await stage.emit(bytes.subarray(from, to))
      from = to
      // Many delays are shorter than any timer: they are waited out together.
      dueAt = Math.max(dueAt, performance.now() - 1) + delay / 1000
      if (!(await stage.pause(dueAt - performance.now()))) break
    }
    if (from < bytes.length) await stage.emit(bytes.subarray(from))
  },
})

/** Where the pieces of [from, to) end, by halving until a half is small enough. */
function* cuts(
  from: number,
  to: number,
  average: number,
  variation: number,
  random: Random,
): Generator<number> {
  const size = to - from
  if (size <= 1 || size - average <= Math.max(variation, 0)) {
    yield to
    return
  }
  const shift = variation > 0 ? random.integer(-variation, variation - 1) : 0
  const middle = Math.min(Math.max(from + Math.floor(size / 2) + shift, from + 1), to - 1)
  yield* cuts(from, middle, average, variation, random)
  yield* cuts(middle, to, average, variation, random)
}
