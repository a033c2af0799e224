import { answeredInTime, breaker, correctShare, defineExperiment } from 'faultline'
import { signInAnew, untilReady } from './surroundings.ts'

/**
 * Every answer comes, and too late to be of use: slowness alone opens the breaker, though no call has failed. Its window holds
 * the calls of five minutes, and eight in ten of them must be slow: hence a short baseline, and many calls.
 */
export default defineExperiment({
  name: 'auth answers, always too late',
  needs: { auth: 'required' },
  faults: ['latency=1530ms@app/auth'],
  blastRadius: [],
  prepare: untilReady,
  load: { journeys: { signInAnew }, ratePerSecond: 40, durationMs: 9000 },
  baselineMs: 600,
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    answeredInTime({ of: 'sign-in', withinMs: 3000 }),
    ...breaker({
      link: 'app/auth',
      of: 'sign-in',
      opensWithinCalls: 300,
      openMs: 500,
      trials: 5,
      failsFastMs: 500,
      closesWithinMs: 3000,
      // Nearly nobody is there before, and everybody at once afterwards: 40 calls a second.
      herdFactor: 40,
    }),
  ],
  recovery: { withinMs: 4000 },
})
