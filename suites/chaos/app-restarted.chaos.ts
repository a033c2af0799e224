import { correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the application is restarted under load',
  needs: { database: 'required', auth: 'required' },
  faults: ['restarted@app'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 20, durationMs: 500 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [nothingLost(), nothingDoubled()],
  recovery: { withinMs: 8000 },
  readBack,
})
