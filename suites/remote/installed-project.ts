import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RunReport } from 'faultline'
import { type CommandResult, copyCheckout, mustRun, root, run } from './commands.ts'

/** What a project installs beside Faultline to run the staging suites. */
const companions = ['vitest', 'node', 'playwright', '@sparticuz/chromium', 'typescript', '@types/node']

export interface GateRun extends CommandResult {
  readonly report: RunReport
}

/** An empty project with the packed tarball installed, the staging suites copied in, and a remote configuration. */
export interface InstalledProject extends AsyncDisposable {
  readonly folder: string
  /** Runs a program that is installed there, as `npx` does. */
  npx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>
  /** `npx faultline gate`, and its report. */
  gate(globs: readonly string[], env: Readonly<Record<string, string>>): Promise<GateRun>
}

/** Packs this checkout, and installs it with the versions that the checkout itself is developed with. */
export async function installProject(): Promise<InstalledProject> {
  await using opening = new AsyncDisposableStack()
  const place = await mkdtemp(path.join(tmpdir(), 'faultline-remote '))
  opening.defer(() => rm(place, { recursive: true, force: true }))
  const tarball = await packCheckout(place)
  const folder = path.join(place, 'an empty project')
  await cp(path.join(import.meta.dirname, 'project'), folder, { recursive: true })
  await cp(path.join(root, 'suites/staging'), path.join(folder, 'suites/staging'), { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await mustRun('npm', ['install', ...flags, tarball, ...(await companionVersions())], { cwd: folder })
  const stack = opening.move()
  const npx: InstalledProject['npx'] = (args, env = {}) =>
    run('npx', ['--no-install', ...args], { cwd: folder, env })
  return {
    folder,
    npx,
    async gate(globs, env) {
      const file = path.join(folder, 'run.json')
      await rm(file, { force: true })
      const result = await npx(['faultline', 'gate', ...globs, '--json', file], env)
      const json = await readFile(file, 'utf8').catch(() => {
        throw new Error(`no report was written; exit ${result.exitCode}\n${result.output}`)
      })
      return { ...result, report: JSON.parse(json) as RunReport }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** `npm pack` in a copy below `place`, so that nobody's `dist` is in anybody's way; gives the tarball. */
export async function packCheckout(place: string): Promise<string> {
  const copy = path.join(place, 'checkout')
  const packed = path.join(place, 'packed')
  await mkdir(packed)
  await copyCheckout(copy)
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
  await mustRun('npm', ['pack', '--loglevel=error', '--pack-destination', packed], { cwd: copy })
  const [name] = await readdir(packed)
  return path.join(packed, name!)
}

async function companionVersions(): Promise<string[]> {
  const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  return companions.map((name) => `${name}@${devDependencies[name]}`)
}
