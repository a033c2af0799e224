import { correctShare, defineExperiment, nothingDoubled, nothingLost, usefulShare } from 'faultline'
import { postUntilKept, readBack, readThreads, signIn } from './chat.ts'

/** Who posts sends again under the same key: nothing is doubled by it. */
export default defineExperiment({
  name: 'acknowledgements of the database are lost',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:reset-after-commit@app/database:0s-3s'],
  prepare: signIn,
  load: { journeys: { read: readThreads, postUntilKept }, ratePerSecond: 15, durationMs: 3000 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [usefulShare({ of: 'post until kept', atLeast: 0.99 }), nothingLost(), nothingDoubled()],
  recovery: { withinMs: 5000 },
  readBack,
})
