import {
  answeredShare,
  correctShare,
  defineExperiment,
  latency,
  nothingDoubled,
  nothingLost,
  stalenessMarked,
  usefulShare,
} from 'faultline'
import { post, readBack, readMessages, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the connector is under a surge',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:vpc-connector-surge@app/database'],
  blastRadius: [],
  prepare: signIn,
  load: { journeys: { read: readThreads, history: readMessages, post }, ratePerSecond: 12, durationMs: 8000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    // A message needs the connector itself: it is acknowledged or refused, in time. What is read may be from before.
    usefulShare({ atLeast: 0.99, of: ['read', 'history'] }),
    answeredShare({ atLeast: 1 }),
    latency({ p99Ms: 2500 }),
    stalenessMarked(),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 4000 },
  readBack,
})
