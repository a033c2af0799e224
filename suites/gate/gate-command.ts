import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { RunReport } from 'faultline'
import { journalProblems } from '../journal-schema.ts'

export const root = path.resolve(import.meta.dirname, '../..')

const schema = JSON.parse(await readFile(path.join(root, 'schema/run.json'), 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile<RunReport>(schema)

/** What one call of the command line did. */
export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Calls Faultline's command line as a process of its own. */
export async function faultline(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...commandLine, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', VITEST: '', RECOVERY_WAIT_MS: '12000', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise: exited, resolve } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, stdout, stderr }
}

/** How the command line is started from its source. */
export const commandLine: readonly string[] = [
  '--conditions=faultline-source',
  '--disable-warning=ExperimentalWarning',
  path.join(root, 'framework/cli/main.ts'),
]

/** One gate run, and its report, which is checked against the published schema, as is every record of its journal. */
export interface GateRun extends CommandResult {
  readonly report: RunReport
  /** The same journal judged with fewer keys. */
  judgedAt(tier: 'T0' | 'T1' | 'T2'): Promise<RunReport>
}

export async function gate(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<GateRun> {
  const result = await withReport((file) => faultline(['gate', ...args, '--json', file], env, cwd))
  const journal = path.join(cwd, '.faultline/runs', result.report.runId, 'journal.ndjson')
  const problems = await journalProblems(journal)
  if (problems.length > 0) throw new Error(`${journal} isn't as published:\n${problems.join('\n')}`)
  return {
    ...result,
    async judgedAt(tier) {
      const { report } = await withReport((file) =>
        faultline(['judge', result.report.runId, '--tier', tier, '--json', file], {}, cwd),
      )
      return report
    },
  }
}

async function withReport(
  call: (file: string) => Promise<CommandResult>,
): Promise<CommandResult & { report: RunReport }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-suite-'))
  try {
    const file = path.join(folder, 'run.json')
    const result = await call(file)
    const json = await readFile(file, 'utf8').catch(() => {
      throw new Error(`no report was written; exit ${result.exitCode}\n${result.stdout}\n${result.stderr}`)
    })
    const report: unknown = JSON.parse(json)
    if (!validate(report))
      throw new Error(`the report doesn't fit its schema: ${JSON.stringify(validate.errors)}`)
    return { ...result, report }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What a report says in the words of the decision table: for messages of failed expectations, and to compare. */
export function gist({ report }: { report: RunReport }) {
  return {
    exit: report.exitCode,
    incidents: report.incidents.map(
      ({ verdict }) => `${verdict.class} ${verdict.scope ?? '-'} ${verdict.subject}`,
    ),
  }
}

/** The classes of all incidents, each once. */
export function classesOf({ report }: { report: RunReport }): string[] {
  return [...new Set(report.incidents.map(({ verdict }) => verdict.class))].sort()
}

/** The names of the tests whose last attempt failed. */
export function failedTests({ report }: { report: RunReport }): string[] {
  return report.tests.filter((each) => each.outcome === 'failed').map((each) => each.name)
}
