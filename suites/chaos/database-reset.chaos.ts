import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'every connection to the database is reset',
  needs: { database: 'required', auth: 'required' },
  faults: ['reset@app/database'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 20, durationMs: 4000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ withinMs: 2500 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 5000 },
  readBack,
})
