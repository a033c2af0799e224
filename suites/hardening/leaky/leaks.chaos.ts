import { correctShare, defineExperiment, type JourneyTools } from 'faultline'

const plant = JSON.parse(process.env['PLANT'] ?? '{}') as Record<string, string>

export default defineExperiment({
  name: 'journeys that say too much',
  faults: ['latency=20ms@client/app:0s-1s'],
  load: {
    journeys: {
      async ask({ http }: JourneyTools) {
        await http.get(`/orders?token=${plant['queryToken']}`, {
          headers: { authorization: `Bearer ${plant['bearer']}`, cookie: `sid=${plant['cookie']}` },
        })
        throw new Error(
          `sent Authorization: Bearer ${plant['bearer']} to postgres://chat:${plant['databasePassword']}@db, ` +
            `with ${plant['serviceVariable']}`,
        )
      },
    },
    ratePerSecond: 5,
    durationMs: 1000,
  },
  baselineMs: 1000,
  steadyState: [correctShare({ atLeast: 0 })],
  expectations: [correctShare({ atLeast: 1 })],
  recovery: { withinMs: 2000 },
})
