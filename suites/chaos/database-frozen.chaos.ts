import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the database stands still',
  needs: { database: 'required', auth: 'required' },
  faults: ['frozen@database:0s-3s'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 15, durationMs: 3000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ withinMs: 3000 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 5000 },
  readBack,
})
