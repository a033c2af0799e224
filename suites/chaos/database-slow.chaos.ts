import { correctShare, defineExperiment, latency, nothingDoubled, nothingLost, usefulShare } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the way to the database is slow',
  needs: { database: 'required', auth: 'required' },
  faults: ['latency=80ms@app/database'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 15, durationMs: 4000 },
  steadyState: [correctShare({ atLeast: 1 }), latency({ p50Ms: 100 })],
  expectations: [usefulShare({ atLeast: 0.99 }), latency({ p99Ms: 1500 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 3000 },
  readBack,
})
