import {
  answeredInTime,
  correctShare,
  defineExperiment,
  nothingDoubled,
  nothingLost,
  usefulShare,
} from 'faultline'
import { post, readBack, readMessages, readThreads, signInAndRead } from './chat.ts'
import { readiness } from './surroundings.ts'

export default defineExperiment({
  name: 'the database takes no writes',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:read-only-standby@app/database:0s-6s'],
  prepare: signInAndRead,
  load: {
    journeys: { read: readThreads, history: readMessages, post, readiness },
    ratePerSecond: 15,
    durationMs: 6000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    usefulShare({ of: ['read', 'history', 'readiness'], atLeast: 0.99 }),
    answeredInTime({ of: 'post', withinMs: 2500 }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { of: 'post', withinMs: 5000 },
  readBack,
})
