import { correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { postAndBeAnswered, postUntilKept, readBack, signIn } from './chat.ts'

/** It ends what it has begun: what was acknowledged is answered, and who is patient gets through. */
export default defineExperiment({
  name: 'the application is restarted again and again under load',
  needs: { database: 'required', auth: 'required', model: 'required' },
  faults: ['restarted@app:0s-1s', 'restarted@app:5s-6s'],
  prepare: signIn,
  load: {
    journeys: { postAndBeAnswered: { weight: 3, run: postAndBeAnswered }, postUntilKept },
    ratePerSecond: 25,
    durationMs: 7000,
    operationLimitMs: 10_000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [correctShare({ of: 'post until kept', atLeast: 0.95 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 8000 },
  readBack,
})
