import {
  admittedShare,
  breaker,
  breakerSaysSo,
  callsPerOperation,
  correctShare,
  defineExperiment,
  nothingDoubled,
  nothingLost,
  usefulShare,
} from 'faultline'
import { ask, askAgain, readBack, readThreads, signInAndAsk } from './chat.ts'
import { modelBreaker } from './surroundings.ts'

export default defineExperiment({
  name: 'the model refuses everybody',
  needs: { database: 'required', auth: 'required', model: 'required' },
  faults: ['profile:no-healthy-backend@app/model:0s-6s'],
  blastRadius: [],
  prepare: signInAndAsk,
  load: {
    journeys: { ask, askAgain, read: readThreads, modelBreaker },
    ratePerSecond: 20,
    durationMs: 6000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    usefulShare({ atLeast: 0.999 }),
    admittedShare({ of: 'ask', atLeast: 0.9 }),
    callsPerOperation({ link: 'app/model', of: 'ask', atMost: 2 }),
    ...breaker({
      link: 'app/model',
      of: 'ask',
      opensAfterFailures: 5,
      opensWithinCalls: 15,
      openMs: 1000,
      failsFastMs: 1000,
      closesWithinMs: 3000,
    }),
    breakerSaysSo({
      link: 'app/model',
      of: 'ask',
      says: 'metrics',
      key: 'model',
      openMs: 1000,
      toleranceMs: 300,
    }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { of: 'ask', withinMs: 4000 },
  readBack,
})
