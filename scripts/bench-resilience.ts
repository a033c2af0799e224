/**
 * Says what the reference chat is worth to its users while something behind it is disturbed: `npm run bench:resilience`. Every profile on
 * every link behind the application, with its resilience and without, side by side. `--quick` takes six of them in a minute; `--json F`
 * writes the figures, `--only TEXT` takes the trials whose `profile@link` holds it, `--seed S`. Whole, it writes docs/resilience.md.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { measure } from './bench-resilience/measure.ts'
import { resiliencePage } from './bench-resilience/page.ts'
import { planTrials, quickTrials } from './bench-resilience/plan.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    seed: { type: 'string', default: '20261125' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const limitMs = (values.quick ? 3 : 20) * 60_000
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
const seed = Number(values.seed)
const { trials, leftOut } = planTrials()
const { only } = values
const chosen = values.quick
  ? quickTrials(trials)
  : trials.filter(({ profile, hurt }) => only === undefined || `${profile}@app/${hurt}`.includes(only))

const found = await measure(chosen, {
  seed,
  ratePerSecond: 20,
  variables: process.env,
  signal: AbortSignal.any([interrupted.signal, AbortSignal.timeout(limitMs)]),
  onTrial: (line) => console.error(line),
})
const { result } = found
if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
const page = resiliencePage({ ...found, leftOut, seed })
if (!values.quick && only === undefined)
  await writeFile(path.resolve(import.meta.dirname, '../docs/resilience.md'), page)
process.stdout.write(page)
process.exitCode = result.lost + result.doubled > 0 ? 1 : 0
