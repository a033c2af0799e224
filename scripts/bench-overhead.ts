/**
 * Measures what Faultline costs where nothing goes wrong, each time beside the same without it and in turn: `--json F` writes the
 * figures, `--pairs N` says how many pairs. Writes its section of docs/benchmarks.md.
 */
import { spawn, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { now } from '#core'
import { createProber } from '#probe'
import { createBenchProject } from './bench-overhead/project.ts'
import { median } from './bench-proxy/statistics.ts'
import { writeSection } from './benchmarks-page.ts'

/** The run that is asked about, and one with so many tests more that what each costs stands out from the noise. */
const asked = 1000
const many = 5000

const { values } = parseArgs({
  options: { json: { type: 'string' }, pairs: { type: 'string', default: '20' } },
})
const pairs = Number(values.pairs)
const say = (text: string) => process.stderr.write(`${text}\n`)

const servers = spawn(process.execPath, [path.join(import.meta.dirname, 'bench-overhead/servers.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const { value: line } = await createInterface(servers.stdout)[Symbol.asyncIterator]().next()
const urls = (JSON.parse(line ?? '[]') as number[]).map((port) => `http://127.0.0.1:${port}`)
await using project = await createBenchProject(urls[0]!, [asked, many])
const node = process.execPath

say(`vitest run --config {bare,plugin}.config.ts --dir tests-{${asked},${many}}: ${pairs} pairs`)
const vitest = path.join(project.folder, 'node_modules/vitest/vitest.mjs')
const runOf = (config: 'bare' | 'cached' | 'plugin', size: number) =>
  timed(node, [vitest, 'run', '--config', `${config}.config.ts`, '--dir', `tests-${size}`])
runOf('bare', asked)
runOf('cached', asked)
runOf('plugin', asked)
// What is compared runs one after the other: a machine is faster one minute than the next.
const atAsked = inTurn(['bare', 'plugin', 'cached'], (config) => runOf(config, asked))
const atMany = inTurn(['bare', 'plugin'], (config) => runOf(config, many))
const overBare = (rounds: readonly { plugin: number; bare: number }[]) =>
  median(rounds.map(({ plugin, bare }) => plugin - bare))
const perTestMs = (overBare(atMany) - overBare(atAsked)) / (many - asked)

say(`node_modules/.bin/faultline --help beside node -e 0: ${pairs} pairs`)
const bin = path.join(project.folder, 'node_modules/.bin/faultline')
timed(bin, ['--help'])
const help = inTurn(['node', 'help'], (what) =>
  what === 'help' ? timed(bin, ['--help']) : timed(node, ['-e', '0']),
)

say(`looks at ${urls.length} services at once beside one at the slowest: ${pairs} pairs`)
const probe50: number[] = []
for (let pair = 0; pair < pairs; pair++) {
  const slowest = await lookAt(urls.slice(-1))
  probe50.push((await lookAt(urls)) / slowest)
}
servers.stdin.end()

const figures = {
  thousandTests: {
    perTestMs,
    fixedMs: overBare(atAsked) - perTestMs * asked,
    fixedBesideCachedMs: median(atAsked.map(({ plugin, cached }) => plugin - cached)) - perTestMs * asked,
    ratio: median(atAsked.map(({ plugin, bare }) => plugin / bare)),
  },
  help: { ratio: median(help.map((round) => round.help / round.node)) },
  probe50: { ratio: median(probe50) },
}
const section = `## What it costs where nothing goes wrong

Written by \`npm run bench:overhead\`: ${pairs} paired rounds on ${availableParallelism()} cores, medians. The package as it is published, its plugin
in a plain \`vitest run\` of trivial tests in 20 files, with an environment that is watched; ${asked} and ${many} of them tell what a test costs from what a run costs.

| figure | measured | bar |
|---|---|---|
| a test, over bare Vitest | ${figures.thousandTests.perTestMs.toFixed(3)} ms | ≤ 0.05 ms |
| a run, over bare Vitest | ${figures.thousandTests.fixedMs.toFixed(0)} ms | ≤ 150 ms |
| the same, over bare Vitest with a compile cache of its own | ${figures.thousandTests.fixedBesideCachedMs.toFixed(0)} ms |  |
| ${asked} tests, as a multiple of bare Vitest | ${figures.thousandTests.ratio.toFixed(2)} |  |
| \`faultline --help\`, as a multiple of \`node -e 0\` | ${figures.help.ratio.toFixed(2)} | ≤ 2 |
| looks at ${urls.length} services, as a multiple of the slowest | ${figures.probe50.ratio.toFixed(2)} | ≤ 1.2 |
`
await writeSection(section)
if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
process.stdout.write(section)

/** Measures each, one after the other, as often as pairs are asked for, and turns around who goes first. */
function inTurn<Name extends string>(
  names: readonly Name[],
  measure: (name: Name) => number,
): Record<Name, number>[] {
  return Array.from({ length: pairs }, (_, round) => {
    const order = round % 2 === 0 ? names : names.toReversed()
    return Object.fromEntries(order.map((name) => [name, measure(name)])) as Record<Name, number>
  })
}

/** Milliseconds of a whole process; ends the benchmark when that fails. */
function timed(command: string, args: readonly string[]): number {
  const from = now()
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project.folder, encoding: 'utf8' })
  const tookMs = now() - from
  if (status !== 0 || stderr.includes('faultline:'))
    throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`)
  return tookMs
}

/** Milliseconds of one look at each on new connections, all at once. */
async function lookAt(addresses: readonly string[]): Promise<number> {
  await using probers = new AsyncDisposableStack()
  const each = addresses.map((address) =>
    probers.use(
      createProber({
        target: address,
        vantage: 'runner',
        protocol: 'http',
        address,
        timeoutMs: 5000,
        slowMs: 5000,
      }),
    ),
  )
  const from = now()
  const looks = await Promise.all(each.map((prober) => prober.look('new', AbortSignal.timeout(10_000))))
  const tookMs = now() - from
  if (looks.some(({ outcome }) => outcome !== 'ok')) throw new Error('a service did not answer a look')
  return tookMs
}
