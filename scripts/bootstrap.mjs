// Runs a task of this repository on a machine that has only Node and npm: installs what is missing,
// then goes on with the Node that package.json asks for (the npm package `node` brings it).
// Plain JavaScript for whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const node = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)
const source = ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning']

const tasks = {
  start: [[...source, 'framework/cli/main.ts', 'gate']],
  test: [['node_modules/vitest/vitest.mjs', 'run']],
  install: [],
}

const [task, ...rest] = process.argv.slice(2)
if (!Object.hasOwn(tasks, task)) {
  console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(tasks).join('|')} [arguments]`)
  process.exit(64)
}
installIfMissing()
linkCommand()
for (const args of tasks[task]) run(node, [...args, ...rest])

/** Installs when node_modules doesn't match the lock file: a stamp holds the lock file's hash. */
function installIfMissing() {
  const stamp = path.join(root, 'node_modules', '.installed-from')
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('Installing what is missing (npm ci) …')
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}

/** Makes `npx faultline` in the checkout run the sources, as in a project it runs the package. */
function linkCommand() {
  const main = path.join(root, 'framework', 'cli', 'main.ts')
  const quoted = (file) => `'${file.replaceAll("'", `'\\''`)}'`
  const script = `#!/bin/sh\nexec ${quoted(node)} ${source.join(' ')} ${quoted(main)} "$@"\n`
  const file = path.join(root, 'node_modules', '.bin', 'faultline')
  if (existsSync(file) && readFileSync(file, 'utf8') === script) return
  writeFileSync(file, script, { mode: 0o755 })
}

function run(command, args) {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` }
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env })
  if (error) throw error
  if (signal) process.kill(process.pid, signal)
  if (status !== 0) process.exit(status ?? 70)
}
