import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'

export const root = path.resolve(import.meta.dirname, '../..')

/** What a run has printed and written. */
export interface ChaosRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** The file that `--json` names; undefined where none was written. */
  readonly written: string | undefined
}

export interface ChaosRunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Called for each piece that it prints, with all that it has printed. */
  readonly meanwhile?: (child: ChildProcess, soFar: string) => void
}

/** The part of `--json` that says what came of each experiment. */
export interface ChaosOutcomes {
  readonly experiments: readonly {
    readonly name: string
    readonly outcome: string
    readonly reason?: string
    readonly seed: number
    readonly expectations: readonly {
      readonly name: string
      readonly outcome: string
      readonly observed: string
    }[]
    readonly recoveryMs: number | null
  }[]
}

/** Calls `faultline chaos` as a process of its own, on the embedded environment unless `args` name another. */
export async function runChaosProcess(
  args: readonly string[],
  { env = {}, meanwhile }: ChaosRunOptions = {},
): Promise<ChaosRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-chaos-'))
  const json = path.join(folder, 'chaos.json')
  try {
    const child = spawn(
      process.execPath,
      [
        '--conditions=faultline-source',
        '--disable-warning=ExperimentalWarning',
        path.join(root, 'framework/cli/main.ts'),
        'chaos',
        ...['--env', 'embedded', '--json', json],
        ...args,
      ],
      {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: '', VITEST: '', FIXTURE_DEFECTS: '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let soFar = ''
    child.stdout.on('data', (data: Buffer) => {
      soFar += data
      meanwhile?.(child, soFar)
    })
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    const written = await readFile(json, 'utf8').catch(() => undefined)
    return { exitCode, stdout, stderr, written }
  } finally {
    await rm(folder, { recursive: true })
  }
}
