import { correctShare, defineExperiment, latency, nothingDoubled, nothingLost, usefulShare } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'analytics is away',
  needs: { database: 'required', auth: 'required', analytics: 'required' },
  faults: ['link-silent@app/analytics'],
  blastRadius: [],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 30, durationMs: 4000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    usefulShare({ atLeast: 0.999 }),
    latency({ p50Ms: 100, p99Ms: 1000 }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 2000 },
  readBack,
})
