import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

// Checks the package as it would be published: nothing unused, entries that every kind of resolution finds, and a size.
// It needs `dist/`, so build first. Ends with 1 at the first check that finds something.

const root = path.resolve(import.meta.dirname, '../..')
const bin = path.join(root, 'node_modules/.bin')
const mostBytes = 2 * 1024 * 1024

const folder = mkdtempSync(path.join(tmpdir(), 'faultline-package-'))
process.once('exit', () => rmSync(folder, { recursive: true }))

run('knip', [])
// What it says on its standard output is the tarball's name.
const tarball = path.join(
  folder,
  output('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]),
)
run('publint', [tarball, '--strict'])
// The package is for Node 24: ESM only, resolved by `exports`.
run('attw', [tarball, '--profile', 'esm-only'])
const { size } = statSync(tarball)
console.log(`tarball: ${(size / 1024).toFixed(0)} KiB of at most ${mostBytes / 1024} KiB`)
if (size > mostBytes) process.exit(1)

function run(command: string, args: readonly string[]): void {
  console.log(`${command}:`)
  const { status, error } = spawnSync(path.join(bin, command), args, { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(1)
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (error) throw error
  if (status !== 0) process.exit(1)
  return stdout.trim()
}
