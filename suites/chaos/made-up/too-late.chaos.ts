import { correctShare, defineExperiment, usefulShare } from 'faultline'
import { readThreads, signIn } from '../chat.ts'

/** Its fault would begin when all is over, so that it can't bite: the experiment says nothing. */
export default defineExperiment({
  name: 'a fault that comes too late',
  needs: { database: 'required', auth: 'required' },
  faults: ['link-down@app/database:60s-'],
  prepare: signIn,
  load: { journeys: { read: readThreads }, ratePerSecond: 10, durationMs: 1000 },
  baselineMs: 1000,
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [usefulShare({ atLeast: 1 })],
  recovery: { withinMs: 2000, stableForMs: 500 },
})
