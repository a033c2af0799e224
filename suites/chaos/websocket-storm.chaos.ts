import { correctShare, defineExperiment, usefulShare } from 'faultline'
import { readThreads, signIn } from './chat.ts'
import { follow } from './follower.ts'

/** All sockets are cut at once, again and again; everybody comes back at once, and nobody misses an event. */
export default defineExperiment({
  name: 'every socket is cut, again and again',
  needs: { database: 'required', auth: 'required', model: 'required' },
  faults: ['profile:rolling-maintenance@client/app:0s-6s'],
  onToxiproxy: ['link-down@client/app:0s-500ms', 'link-down@client/app:4s-4500ms'],
  prepare: signIn,
  load: {
    journeys: { follow, read: { weight: 4, run: readThreads } },
    ratePerSecond: 15,
    durationMs: 6000,
  },
  baselineMs: 3000,
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [
    correctShare({ of: 'events', atLeast: 1 }),
    // Readings that fall into the outage fail, a sixth of them: by luck they can be twice as many, and never most.
    usefulShare({ of: 'read', atLeast: 0.5 }),
  ],
  recovery: { withinMs: 4000 },
})
