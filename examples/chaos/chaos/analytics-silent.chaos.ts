import { correctShare, defineExperiment, latency, usefulShare } from 'faultline'

export default defineExperiment({
  name: 'analytics is silent',
  faults: ['link-silent@app/analytics'],
  blastRadius: [],
  load: {
    journeys: {
      async read(t) {
        await t.operation('read', async ({ accepted, signal }) => {
          accepted(await t.http.get('/notes', { signal }))
        })
      },
    },
    ratePerSecond: 20,
    durationMs: 3000,
  },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [usefulShare({ atLeast: 0.99 }), latency({ p99Ms: 1000 })],
  recovery: { withinMs: 2000 },
})
