/** Gives made-up inputs to every door by which foreign ones come in: `npm run fuzz -- --runs 1000000 --seed S`. */
import { parseArgs } from 'node:util'
import { messageOf, now } from '#core'
import { shares } from './fuzz/fuzz.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } },
})
const runs = Number(values.runs)
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
if (!(Number.isSafeInteger(runs) && runs > 0 && Number.isSafeInteger(seed)))
  throw new RangeError('--runs and --seed are whole numbers')

console.log(`seed ${seed}`)
let given = 0
for (const { area, runs: share } of shares(runs)) {
  const began = now()
  try {
    await area.run({ runs: share, seed })
    given += share
    console.log(`${area.name}: ${share} inputs in ${((now() - began) / 1000).toFixed(1)} s`)
  } catch (error) {
    process.exitCode = 1
    console.error(`${area.name}: ${messageOf(error)}`)
  }
}
console.log(`${given} inputs without a crash`)
