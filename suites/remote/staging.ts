import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { root, terminalEnvironment } from './commands.ts'

interface Details {
  readonly entry: string
  readonly control: string
  readonly agent: { readonly url: string; readonly token: string }
  readonly direct: Readonly<Record<string, string>>
}

/** A staging that somebody else runs, as far as its users know. */
export interface Staging extends AsyncDisposable {
  /** The variables that the project's configuration reads; without the agent's, there is none. */
  variables(options: { agent: boolean }): Record<string, string>
}

/** Runs `faultline up` in this checkout until it is disposed. */
export async function startStaging(
  options: { defect?: string; inject?: string; build?: string } = {},
): Promise<Staging> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-staging-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'staging.json')
  const source = ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning']
  const faults = options.inject ? ['--inject', options.inject] : []
  const args = [...source, 'framework/cli/main.ts', 'up', '--json', file, ...faults]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...terminalEnvironment(),
      FIXTURE_DEFECTS: options.defect ?? '',
      ...(options.build && { BUILD_ID: options.build }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  opening.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  await untilUp(createInterface({ input: child.stdout }))
  const details = JSON.parse(await readFile(file, 'utf8')) as Details
  const stack = opening.move()
  return {
    variables: ({ agent }) => ({
      STAGING_URL: details.entry,
      DATABASE_URL: details.direct['database']!,
      CONTROL_URL: details.control,
      ...(agent && { AGENT_URL: details.agent.url, AGENT_TOKEN: details.agent.token }),
    }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function untilUp(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) if (line.startsWith('up;')) return
  throw new Error('the staging did not come up')
}
