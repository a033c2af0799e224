import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the database is restarted under load',
  needs: { database: 'required', auth: 'required' },
  faults: ['restarted@database'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 20, durationMs: 1000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ withinMs: 2500 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 8000 },
  readBack,
})
