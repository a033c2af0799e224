import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type CommandResult, mustRun, run } from '../remote/commands.ts'
import { packCheckout } from '../remote/installed-project.ts'

const npmFlags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']

/** A project outside the checkout in which the packed tarball is installed. */
export interface FreshProject extends AsyncDisposable {
  readonly folder: string
  /** Runs a program that is installed there, as `npx` does. */
  npx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>
  /** `npm install` with what is named. */
  install(packages: readonly string[]): Promise<void>
}

/** Copies a folder to a new place, and installs what its package.json names and this checkout's tarball there. */
export async function createFreshProject(source: string): Promise<FreshProject> {
  await using opening = new AsyncDisposableStack()
  const place = await mkdtemp(path.join(tmpdir(), 'faultline-fresh-'))
  opening.defer(() => rm(place, { recursive: true, force: true }))
  const folder = path.join(place, 'project')
  await mkdir(folder)
  await cp(source, folder, { recursive: true })
  const tarball = await packCheckout(place)
  const install = async (packages: readonly string[]) => {
    await mustRun('npm', ['install', ...npmFlags, ...packages], { cwd: folder })
  }
  // The machine's own Node may be an older one.
  await install(['--save-dev', tarball, 'node@24'])
  const stack = opening.move()
  return {
    folder,
    install,
    npx: (args, env = {}) => run('npx', ['--no-install', ...args], { cwd: folder, env }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
