import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type CommandResult,
  faultline as faultlineIn,
  type GateRun,
  gate as gateIn,
  root,
} from './gate-command.ts'

/** A project of somebody who uses this checkout, in a folder of its own, with two short tests. */
export interface SmallProject extends AsyncDisposable {
  readonly folder: string
  write(file: string, text: string): Promise<void>
  gate(args?: readonly string[], env?: Record<string, string>): Promise<GateRun>
  faultline(args: readonly string[], env?: Record<string, string>): Promise<CommandResult>
}

/** Makes it; `config` is what its configuration has besides environment and tests, as source text. */
export async function smallProject(config: string, environment = embedded): Promise<SmallProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-small-'))
  const at = (file: string) => path.join(folder, file)
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(at(file)), { recursive: true })
    await writeFile(at(file), text)
  }
  await mkdir(at('node_modules'))
  await symlink(root, at('node_modules/faultline'))
  await symlink(path.join(root, 'node_modules/vitest'), at('node_modules/vitest'))
  await write('package.json', '{ "private": true, "type": "module" }\n')
  await write('.gitignore', 'node_modules\n.faultline\n')
  await write(
    'faultline.config.ts',
    `import { defineConfig, defineEnvironment, node, postgres, remote, secret } from 'faultline'
export default defineConfig({
  environments: { only: ${environment} },
  tests: ['suites/**/*.test.ts'],
  policy: { recoveryWaitMs: 3000 },
  ${config}
})
`,
  )
  await cp(path.join(root, 'suites/staging/chat.ts'), at('suites/chat.ts'))
  await write('suites/chat.test.ts', tests())
  return {
    folder,
    write,
    gate: (args = [], env = {}) => gateIn(args, env, folder),
    faultline: (args, env = {}) => faultlineIn(args, env, folder),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The tests' text: one that an application with the defect `wrong-answer` fails, and one of signing in. */
export function tests(signIn = 't.expect((await t.signIn()).token).toBeTruthy()'): string {
  return `import { describeWith } from 'faultline/vitest'
import { ChatTest } from './chat.ts'

describeWith(ChatTest, 'chat', (it) => {
  it('answers a message', async (t) => {
    const session = await t.signIn()
    const { answer } = await t.converse(session, await t.createThread(session), 'hello out there')
    t.expect(answer.text).toBe('You wrote 3 words: hello out there')
  })
  it('signs in', async (t) => {
    ${signIn}
  })
})
`
}

const backend = (file: string) => JSON.stringify(path.join(root, 'fixtures/backend', file))

const embedded = `defineEnvironment({
    entry: 'app',
    services: {
      database: postgres({ version: 18 }),
      auth: node(${backend('auth.ts')}, { uses: { database: 'DATABASE_URL' } }),
      model: node(${backend('model.ts')}, { owner: 'external' }),
      app: node(${backend('main.ts')}, {
        uses: { database: 'DATABASE_URL', auth: 'AUTH_URL', model: { variable: 'MODEL_URL', need: 'optional' } },
        inherit: ['FIXTURE_DEFECTS'],
      }),
    },
  })`
