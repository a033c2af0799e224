import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the database cannot be reached',
  needs: { database: 'required', auth: 'required' },
  faults: ['link-down@app/database:0s-5s'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 20, durationMs: 5000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ withinMs: 2500 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 5000 },
  readBack,
})
