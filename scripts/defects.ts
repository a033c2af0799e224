/**
 * Switches every defect of the reference application on, one at a time, and shows that the suite that is said to find it does:
 * `npm run defects`, or some of them, `npm run defects -- wrong-answer pool-leak`. Ends with 1 when one wasn't found.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { type Catcher, catchers } from '../suites/defects/catchers.ts'

const root = path.resolve(import.meta.dirname, '..')
const faultline = ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning']
const commandLine = [...faultline, path.join(root, 'framework/cli/main.ts')]
const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run']

interface Report {
  readonly decision: string
  readonly incidents: readonly { readonly verdict: { readonly class: string } }[]
  readonly tests: readonly { readonly name: string; readonly outcome: string }[]
}

/** What came of one defect, in words; `missed` says why it counts as not found. */
interface Outcome {
  readonly how: string
  readonly missed?: string
}

async function node(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ exitCode: number | null; stdout: string }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const stdout = await text(child.stdout)
  return { exitCode: await exited, stdout }
}

/** One gate run of these suites. */
async function gate(files: readonly string[], defect: string): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-defects-'))
  try {
    const file = path.join(folder, 'run.json')
    await node([...commandLine, 'gate', ...files, '--quiet', '--json', file], { FIXTURE_DEFECTS: defect })
    return JSON.parse(await readFile(file, 'utf8')) as Report
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function byGate({ file, test }: Catcher & { by: 'gate' }, defect: string): Promise<Outcome> {
  const { decision, incidents, tests } = await gate([file], defect)
  const failed = tests.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)
  const how = `${decision} for ${incidents.map(({ verdict }) => verdict.class).join(', ')}: ${failed.join('; ') || 'before any test'}`
  if (decision !== 'block') return { how, missed: 'the gate did not block' }
  if (test && !failed.includes(test)) return { how, missed: `"${test}" did not fail` }
  return { how }
}

async function bySuite(file: string, pattern: string, env: Record<string, string> = {}): Promise<Outcome> {
  const how = `${file} -t ${pattern}`
  const { exitCode, stdout } = await node([...vitest, file, '-t', pattern], env)
  if (exitCode !== 0) return { how, missed: `vitest ended with ${exitCode}` }
  // A pattern that fits no title runs nothing, and Vitest calls that a success.
  return /[1-9]\d* passed/.test(stripVTControlCharacters(stdout))
    ? { how }
    : { how, missed: 'no test was run' }
}

function show(catcher: Catcher, defect: string): Promise<Outcome> {
  if (catcher.by === 'gate') return byGate(catcher, defect)
  if (catcher.by === 'suite') return bySuite(catcher.file, `${defect}\\b`)
  return bySuite('suites/chaos/mutations.test.ts', `\\(${defect}\\)`, { CHAOS_MUTATIONS: 'all' })
}

const unknown = process.argv.slice(2).filter((name) => !catchers.has(name))
if (unknown.length > 0)
  throw new Error(`unknown: ${unknown.join(', ')}; known: ${[...catchers.keys()].join(', ')}`)
const chosen = process.argv.length > 2 ? process.argv.slice(2) : [...catchers.keys()]

const suites = new Set(
  chosen.flatMap((name) => (catchers.get(name)!.by === 'gate' ? [catchers.get(name)!.file] : [])),
)
let missed = 0
const tell = (name: string, { how, missed: why }: Outcome): void => {
  if (why) missed += 1
  process.stdout.write(`${why ? 'MISSED' : 'found '}  ${name.padEnd(26)} ${how}${why ? ` (${why})` : ''}\n`)
}

if (suites.size > 0) {
  const { decision } = await gate([...suites], '')
  tell('(none)', {
    how: `${decision} without a defect`,
    ...(decision !== 'pass' && { missed: 'a sound one must pass' }),
  })
}
for (const name of chosen) tell(name, await show(catchers.get(name)!, name))
process.stdout.write(`${chosen.length} defects, ${missed} not as said\n`)
process.exitCode = missed > 0 ? 1 : 0
