import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process that owns an environment that is up; disposing kills it and removes its folder for temporary files. */
export interface Owner extends AsyncDisposable {
  readonly leaseId: string
  readonly keeper: number
  readonly owner: ChildProcess
}

/** Starts one; `which` is the environment's name in owner.ts. */
export async function startOwner(which: 'small' | 'composed' = 'small'): Promise<Owner> {
  const folder = await mkdtemp(join(tmpdir(), 'containers-owner-'))
  const owner = spawn(
    process.execPath,
    [
      '--conditions=faultline-source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL('owner.ts', import.meta.url)),
      which,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true, env: { ...process.env, TMPDIR: folder } },
  )
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string]
  return {
    ...(JSON.parse(line) as { leaseId: string; keeper: number }),
    owner,
    async [Symbol.asyncDispose]() {
      owner.kill('SIGKILL')
      if (owner.exitCode === null && owner.signalCode === null) await once(owner, 'exit')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
