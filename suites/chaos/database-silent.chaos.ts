import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the database falls silent',
  needs: { database: 'required', auth: 'required' },
  faults: ['link-silent@app/database'],
  blastRadius: ['auth', 'app'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 15, durationMs: 6000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ withinMs: 3000 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 5000 },
  readBack,
})
