import { answeredInTime, correctShare, defineExperiment, nothingDoubled, nothingLost } from 'faultline'
import { burst, readBack, signIn } from './chat.ts'

/** Pauses between bursts are longer than the way remembers a connection; 240 s are 2.4 s here. */
export default defineExperiment({
  name: 'idle connections to the database die silently',
  needs: { database: 'required', auth: 'required' },
  faults: ['profile:azure-lb-idle@app/database'],
  blastRadius: [],
  prepare: signIn,
  load: { journeys: { burst }, ratePerSecond: 0.3, spacing: 'even', durationMs: 15_000 },
  baselineMs: 6000,
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    correctShare({ atLeast: 0.99 }),
    answeredInTime({ withinMs: 2000 }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 15_000 },
  readBack,
})
