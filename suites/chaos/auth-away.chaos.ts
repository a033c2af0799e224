import { correctShare, defineExperiment, latency, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'auth is away, and who has signed in goes on',
  needs: { database: 'required', auth: 'required' },
  faults: ['link-silent@app/auth'],
  blastRadius: [],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 20, durationMs: 4000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [correctShare({ atLeast: 0.999 }), latency({ p99Ms: 1000 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 2000 },
  readBack,
})
