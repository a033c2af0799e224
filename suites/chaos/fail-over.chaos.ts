import {
  answeredInTime,
  correctShare,
  defineExperiment,
  nothingDoubled,
  nothingLost,
  stalenessMarked,
  usefulShare,
} from 'faultline'
import { post, readBack, readMessages, readThreads, signInAndRead } from './chat.ts'

export default defineExperiment({
  name: 'the database fails over',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:cloud-sql-failover@app/database:0s-10s'],
  onToxiproxy: ['link-silent@app/database:0s-6s', 'link-down@app/database:6s-9s'],
  prepare: signInAndRead,
  load: {
    journeys: { read: readThreads, history: readMessages, post },
    ratePerSecond: 15,
    durationMs: 10_000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    usefulShare({ of: ['read', 'history'], atLeast: 0.99 }),
    answeredInTime({ withinMs: 3000 }),
    stalenessMarked(),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 5000 },
  readBack,
})
