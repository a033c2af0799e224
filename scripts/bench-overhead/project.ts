import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mustRun } from '../../suites/remote/commands.ts'
import { packCheckout } from '../../suites/remote/installed-project.ts'

const root = path.resolve(import.meta.dirname, '../..')
const files = 20

/** A project outside the checkout with the packed package, and trivial tests of two sizes. */
export interface BenchProject extends AsyncDisposable {
  readonly folder: string
}

/** `entry` is the URL of a service that runs: the environment of the configuration. */
export async function createBenchProject(entry: string, sizes: readonly number[]): Promise<BenchProject> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-bench-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  await installPackage(folder)
  for (const size of sizes) await writeTests(path.join(folder, `tests-${size}`), size / files)
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  await writeFile(path.join(folder, 'bare.config.ts'), 'export default {}\n')
  await writeFile(
    path.join(folder, 'cached.config.ts'),
    "export default { test: { env: { NODE_COMPILE_CACHE: './compiled' } } }\n",
  )
  await writeFile(
    path.join(folder, 'plugin.config.ts'),
    "import { faultline } from 'faultline/vitest'\nexport default { plugins: [faultline()] }\n",
  )
  await writeFile(
    path.join(folder, 'faultline.config.ts'),
    `import { defineConfig, remote } from 'faultline'
const app = { owner: 'sut', protocol: 'http', url: '${entry}', health: '/' } as const
export default defineConfig({
  environments: { bench: remote({ entry: 'app', services: { app } }) },
  tests: ['tests-*/*.test.ts'],
})
`,
  )
  const stack = opening.move()
  return { folder, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** As npm would: the tarball's files, its dependencies beside it, and a link to its program. */
async function installPackage(folder: string): Promise<void> {
  const modules = path.join(folder, 'node_modules')
  const own = path.join(modules, 'faultline')
  await mkdir(own, { recursive: true })
  await mustRun('tar', ['-xzf', await packCheckout(folder), '-C', own, '--strip-components=1'], {
    cwd: folder,
  })
  const shared = path.join(root, 'node_modules')
  for (const name of await readdir(shared))
    if (name !== 'faultline' && name !== '.bin' && name !== '.vite')
      await symlink(path.join(shared, name), path.join(modules, name))
  await mkdir(path.join(modules, '.bin'))
  await chmod(path.join(own, 'dist/cli/main.js'), 0o755)
  await symlink('../faultline/dist/cli/main.js', path.join(modules, '.bin/faultline'))
}

async function writeTests(folder: string, testsPerFile: number): Promise<void> {
  await mkdir(folder)
  const tests = Array.from(
    { length: testsPerFile },
    (_, n) => `test('adds ${n}', () => {\n  expect(${n} + 1).toBe(${n + 1})\n})\n`,
  )
  const text = `import { expect, test } from 'vitest'\n${tests.join('')}`
  for (let index = 0; index < files; index++) await writeFile(path.join(folder, `f${index}.test.ts`), text)
}
