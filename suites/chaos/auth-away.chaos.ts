import {
  answeredInTime,
  breaker,
  connectionsBounded,
  correctShare,
  defineExperiment,
  latency,
  nothingDoubled,
  nothingLost,
} from 'faultline'
import { post, readBack, readThreads, signIn } from './chat.ts'
import { signInAnew } from './surroundings.ts'

export default defineExperiment({
  name: 'auth is away, and who has signed in goes on',
  needs: { database: 'required', auth: 'required' },
  faults: ['link-silent@app/auth'],
  blastRadius: [],
  prepare: signIn,
  load: {
    journeys: { read: readThreads, post, signInAnew },
    ratePerSecond: 25,
    durationMs: 6000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    correctShare({ of: ['read', 'post'], atLeast: 0.999 }),
    latency({ of: ['read', 'post'], p99Ms: 1000 }),
    answeredInTime({ of: 'sign-in', withinMs: 3000 }),
    connectionsBounded({ link: 'app/auth', atMost: 25 }),
    ...breaker({
      link: 'app/auth',
      of: 'sign-in',
      opensWithinCalls: 30,
      openMs: 500,
      trials: 5,
      failsFastMs: 500,
      closesWithinMs: 3000,
    }),
    nothingLost(),
    nothingDoubled(),
  ],
  recovery: { withinMs: 4000 },
  readBack,
})
