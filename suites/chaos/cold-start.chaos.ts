import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'

/** While it starts it refuses; a way on which every first byte takes its time delays the start, and doesn’t end it. */
export default defineExperiment({
  name: 'the application starts while its way to the database is cold',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:cloud-run-to-cloud-sql-cold@app/database:0s-7s', 'restarted@app:0s-1s'],
  onToxiproxy: ['latency=800ms@app/database:0s-7s', 'restarted@app:0s-1s'],
  prepare: signIn,
  load: { journeys: { read: readThreads, post }, ratePerSecond: 10, durationMs: 7000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [answeredInTime({ during: 'recovery', withinMs: 3000 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 10_000 },
  readBack,
})
