import { parseArgs } from 'node:util'
import { type ChaosOutcomes, runChaosProcess } from './run-chaos.ts'

/**
 * `npm run chaos:all -- [--seeds 1,2,3] [--env embedded|containers] [--times 1] [GLOB…]`: every experiment with every seed, so many
 * times each, as a table. Exit 0 when all held, else 1.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    env: { type: 'string', default: 'embedded' },
    times: { type: 'string', default: '1' },
  },
})
const rounds = values.seeds
  .split(',')
  .flatMap((seed) => Array.from({ length: Number(values.times) }, () => seed))
const rows = new Map<string, string[]>()
const notes: string[] = []
let isHeld = true

for (const [round, seed] of rounds.entries()) {
  const startedAt = Date.now()
  const run = await runChaosProcess([...positionals, '--env', values.env, '--seed', seed])
  const { experiments } = JSON.parse(run.written ?? '{"experiments":[]}') as ChaosOutcomes
  if (run.exitCode !== 0) isHeld = false
  if (experiments.length === 0) notes.push(run.stdout + run.stderr)
  for (const { name, outcome, reason, expectations } of experiments) {
    const cells = rows.get(name) ?? []
    cells[round] = outcome
    rows.set(name, cells)
    if (outcome === 'held') continue
    const unmet = expectations.filter((one) => one.outcome !== 'held')
    const why = reason ?? unmet.map((one) => `${one.name}: ${one.observed}`).join('; ')
    notes.push(`${name}, seed ${seed}: ${outcome}: ${why}`)
  }
  console.log(
    `seed ${seed}: ${experiments.length} experiments in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  )
}

const width = Math.max(...[...rows.keys()].map((name) => name.length), 0)
const line = (first: string, cells: readonly string[]) =>
  [first.padEnd(width), ...cells.map((cell) => cell.padEnd(12))].join('  ').trimEnd()
console.log(
  `\n${line(
    values.env,
    rounds.map((seed) => `seed ${seed}`),
  )}`,
)
for (const [name, cells] of rows)
  console.log(
    line(
      name,
      rounds.map((_, round) => cells[round] ?? '–'),
    ),
  )
for (const note of notes) console.log(`\n${note}`)
process.exitCode = isHeld && rows.size > 0 ? 0 : 1
