import { after } from './timer.ts'
import { type Moment, momentOf } from './timing.ts'
import type { Toxic } from './toxic.ts'

/** Follows a toxic's schedule from now on, and reports each change of what the toxic is. */
export function runSchedule(toxic: Toxic, changed: (moment: Moment) => void): Disposable {
  const { schedule } = toxic.timing
  if (!schedule) return { [Symbol.dispose]() {} }
  const startedAt = performance.now()
  let cancel = () => {}
  const tick = () => {
    // Timers come up to half a millisecond early: looked at then, a change would be missed by a hair.
    const moment = momentOf(schedule, toxic.base, performance.now() - startedAt + 0.6)
    changed(moment)
    cancel = after(Math.max(moment.nextInMs, 1), tick)
  }
  tick()
  return { [Symbol.dispose]: () => cancel() }
}
