import {
  admittedShare,
  answeredInTime,
  correctShare,
  defineExperiment,
  nothingDoubled,
  nothingLost,
  stalenessMarked,
  usefulShare,
} from 'faultline'
import { post, readBack, readMessages, readThreads, signInAndRead } from './chat.ts'
import { readiness } from './surroundings.ts'

/** What was read is shown again, and says so; nobody is sent to an application without its database. */
export default defineExperiment({
  name: 'the database is maintained',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:cloud-sql-maintenance@app/database:0s-4s'],
  onToxiproxy: ['link-down@app/database:0s-3s'],
  prepare: signInAndRead,
  load: {
    journeys: { read: readThreads, history: readMessages, post, readiness },
    ratePerSecond: 20,
    durationMs: 4000,
  },
  steadyState: [usefulShare({ atLeast: 1 })],
  expectations: [
    correctShare({ of: ['read', 'history'], during: 'baseline', atLeast: 0.9 }),
    usefulShare({ of: ['read', 'history'], atLeast: 0.99 }),
    admittedShare({ of: 'readiness', atLeast: 0.2 }),
    answeredInTime({ withinMs: 2500 }),
    stalenessMarked(),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 5000 },
  readBack,
})
