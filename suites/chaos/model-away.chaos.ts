import {
  answeredInTime,
  breaker,
  correctShare,
  defineExperiment,
  nothingDoubled,
  nothingLost,
  usefulShare,
} from 'faultline'
import { ask, readBack, readThreads, signIn } from './chat.ts'

export default defineExperiment({
  name: 'the model is away',
  needs: { database: 'required', auth: 'required', model: 'required' },
  faults: ['link-silent@app/model'],
  blastRadius: [],
  prepare: signIn,
  load: {
    journeys: { ask, read: { weight: 2, run: readThreads } },
    ratePerSecond: 15,
    durationMs: 7000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    usefulShare({ atLeast: 0.999 }),
    answeredInTime({ of: 'ask', withinMs: 4000 }),
    ...breaker({
      link: 'app/model',
      of: 'ask',
      opensAfterFailures: 5,
      opensWithinCalls: 25,
      openMs: 1000,
      failsFastMs: 1000,
      closesWithinMs: 3000,
    }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { of: 'ask', withinMs: 6000 },
  readBack,
})
