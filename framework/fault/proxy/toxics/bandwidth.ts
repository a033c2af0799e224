import type { Chunk } from '../chunk.ts'
import { defineToxic, type ToxicStage } from './toxic.ts'

const stepMs = 100
/** The longest by which a process is commonly late. */
const lookAheadMs = 20

/**
 * Passes `rate` KB/s (1 KB = 1000 B), each piece at the end of the time that it takes. Being late is made up for, by a
 * step at most; idle time earns nothing. A rate of 0 or less passes nothing until it is changed or removed.
 */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  defaults: { rate: 0 },
  capacityBytes: lookAheadBytes,
  chunk: (stage, chunk) => limitRate(stage, stage.tally, chunk),
})

/** What waits here came early: only so can a late process tell it from data that came late. */
export function lookAheadBytes({ rate }: { rate: number }): number {
  return Math.max(256 * 1024, Math.min(rate * lookAheadMs, 16 * 1024 * 1024))
}

/** Passes a chunk at the toxic's rate; `line` says when what went before it has passed. */
export async function limitRate(
  stage: ToxicStage<{ rate: number }>,
  line: { freeAt: number },
  { bytes, at }: Chunk,
): Promise<void> {
  const { rate } = stage.attributes
  stage.touch()
  if (rate <= 0) {
    await stage.pause(Number.POSITIVE_INFINITY)
    return stage.emit(bytes)
  }
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = Math.min(from + rate * stepMs, bytes.length)
    const startedAt = Math.max(at, line.freeAt, performance.now() - stepMs)
    line.freeAt = startedAt + (to - from) / rate
    if (!(await stage.pause(line.freeAt - performance.now()))) {
      line.freeAt = 0
      return stage.emit(bytes.subarray(from))
    }
    await stage.emit(bytes.subarray(from, to))
  }
}
