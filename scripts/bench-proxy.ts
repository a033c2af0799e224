/**
 * Compares the embedded fault proxy with a real Toxiproxy, both in one run and in turn: `--json F` writes the figures,
 * `--toxiproxy BINARY` says where the real one is. Without it, what compares is null. Writes its section of docs/benchmarks.md.
 */
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Contender, startFaultline, startToxiproxy } from './bench-proxy/contender.ts'
import {
  bandwidthError,
  controlUnderLoad,
  crowd,
  latencyError,
  type Percentiles,
  roundTrips,
  throughput,
} from './bench-proxy/measures.ts'
import { type Comparison, compare, type Figures, markdown } from './bench-proxy/report.ts'
import { median } from './bench-proxy/statistics.ts'
import { writeSection } from './benchmarks-page.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    toxiproxy: { type: 'string' },
    rounds: { type: 'string', default: '15' },
  },
})
const rounds = Number(values.rounds)
const rates = [1, 100, 10_000, 100_000]

await using ours = await startFaultline()
await using theirs = values.toxiproxy ? await startToxiproxy(values.toxiproxy) : undefined

const speed = await paired((server) => throughput(server, 200))
const plain: Percentiles[] = []
const trips = await paired(async (server, first) => {
  if (first) plain.push(await roundTrips(undefined, 1000))
  const direct = plain.at(-1)!
  const through = await roundTrips(server, 1000)
  return { p50: through.p50 - direct.p50, p99: through.p99 - direct.p99, whole: through.p50 }
})
const plainMs = {
  ours: median(trips.ours.map((trip) => trip.whole)),
  theirs: median(trips.theirs.map((trip) => trip.whole)),
}
const late = await paired((server) => latencyError(server, server === ours ? plainMs.ours : plainMs.theirs))
const delayed = await paired((server) => throughput(server, 100, 100))
const rateErrors = []
for (const rate of rates) {
  const errors = await paired((server) => bandwidthError(server, rate), Math.min(rounds, 5))
  rateErrors.push({
    rate,
    error: median(errors.ours),
    toxiproxyError: theirs ? median(errors.theirs) : null,
  })
}
const control = await repeat(5, () => controlUnderLoad(ours, 60))

const figures: Figures = {
  rounds,
  cores: availableParallelism(),
  throughput: compare(speed),
  rtt: {
    p50Ratio: ratio(trips, (trip) => trip.p50),
    p99Ratio: ratio(trips, (trip) => trip.p99),
    addedP50Ms: median(trips.ours.map((trip) => trip.p50)),
  },
  latencyToxic: {
    p50ErrorRatio: ratio(late, (error) => error.p50),
    p99ErrorRatio: ratio(late, (error) => error.p99),
    p50ErrorMs: median(late.ours.map((error) => error.p50)),
  },
  bandwidth: rateErrors,
  throughputUnderLatency: compare(delayed),
  connections: await crowd(ours, 2000, 3),
  controlP99Ms: median(control),
}
await writeSection(markdown(figures))
if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
process.stdout.write(markdown(figures))

/** Measures both in turn, `times` times, and swaps who goes first. */
async function paired<T>(
  measure: (server: Contender, first: boolean) => Promise<T>,
  times = rounds,
): Promise<Comparison<T>> {
  const found: { ours: T[]; theirs: T[] } = { ours: [], theirs: [] }
  for (let round = 0; round < times; round++) {
    const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours]
    for (const [index, server] of order.filter((each) => each !== undefined).entries())
      found[server === ours ? 'ours' : 'theirs'].push(await measure(server, index === 0))
  }
  return found
}

function ratio<T>(found: Comparison<T>, pick: (value: T) => number): number | null {
  return compare({ ours: found.ours.map(pick), theirs: found.theirs.map(pick) }).ratio
}

async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const found: T[] = []
  for (let time = 0; time < times; time++) found.push(await measure())
  return found
}
