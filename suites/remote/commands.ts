import { spawn } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'

export const root = path.resolve(import.meta.dirname, '../..')

/** What one command did; `output` is what it said on both of its streams. */
export interface CommandResult {
  readonly exitCode: number | null
  readonly output: string
}

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Runs as this user, and the group of the same number. */
  readonly user?: number
}

/** Runs a command as somebody would who opened a terminal: nothing of the test run's own environment reaches it. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, user }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd,
    env: { ...terminalEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user !== undefined && { uid: user, gid: user }),
  })
  const { promise: exitCode, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('exit', resolve)
  child.on('error', reject)
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode])
  return { exitCode: code, output: `${stdout}${stderr}` }
}

/** Runs a command that must work; gives what it said. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { exitCode, output } = await run(command, args, options)
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${output}`)
  return output
}

/** This process's environment without what npm, Node and Vitest put there, and with the machine's own programs only. */
export function terminalEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(npm_|node_|vitest|faultline|fixture_|test$|dev$|prod$)/i.test(entry[0]),
  )
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const own = folders.filter((folder) => !folder.includes('node_modules'))
  return { ...Object.fromEntries(entries), PATH: own.join(path.delimiter) }
}

/** Copies what a clone of this checkout would have, changes that aren't committed yet included; `to` is made. */
export async function copyCheckout(to: string): Promise<void> {
  const options = { cwd: root }
  const list = (...flags: string[]) => mustRun('git', ['ls-files', '-z', ...flags], options)
  const [present, deleted] = await Promise.all([
    list('--cached', '--others', '--exclude-standard'),
    list('--deleted'),
  ])
  const gone = new Set(deleted.split('\0'))
  const files = present.split('\0').filter((file) => file !== '' && !gone.has(file))
  await Promise.all(
    files.map(async (file) => {
      await mkdir(path.join(to, path.dirname(file)), { recursive: true })
      await cp(path.join(root, file), path.join(to, file))
    }),
  )
}
