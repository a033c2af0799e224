import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Command, CommanderError } from 'commander'
import fc from 'fast-check'
import { secret } from '#core'
import { problemsOf } from '#environment'
import { readJournal } from '#journal'
import { completeSettings, readKnownIssues } from '#settings'
import { createProgram } from '../../framework/cli/program.ts'
import { checkAgentConfig } from '../../framework/probe/agent/config.ts'
import { syntheticRun } from '../../suites/report/synthetic-run.ts'
import { type Area, mustHold } from './area.ts'
import { mutated, near, texts, values } from './inputs.ts'

const app = {
  owner: 'sut',
  protocol: 'http',
  uses: { database: 'required' },
  egress: 'default',
  url: secret('http://staging.test'),
  health: '/health',
}
const database = { ...app, owner: 'platform', protocol: 'postgres', uses: {} }
const services = { app, database }
const config = {
  environments: {
    staging: {
      kind: 'remote',
      entry: 'app',
      services,
      faults: 'refused',
      agent: { url: 'http://agent.test', token: secret('t'.repeat(20)) },
      events: { url: 'http://events.test' },
    },
    own: {
      kind: 'embedded',
      entry: 'app',
      services: {
        app: {
          kind: 'node',
          file: 'app.js',
          owner: 'sut',
          egress: 'default',
          uses: { database: { variable: 'DATABASE_URL', need: 'required' } },
          env: {},
          inherit: [],
          health: '/health',
        },
        database: { kind: 'postgres', version: 18, owner: 'platform', egress: 'default' },
      },
    },
  },
  tests: ['e2e/**/*.test.ts'],
  policy: { retries: 3, onRequiredDown: 'fail-fast', recoveryWaitMs: 1000 },
  probes: { queue: { protocol: 'tcp', address: 'tcp://queue.test:1' } },
  baseline: { url: 'http://baseline.test' },
  history: {},
}
const agentConfig = {
  host: '::',
  port: 1,
  token: 't'.repeat(20),
  targets: [
    {
      target: 'app',
      protocol: 'http',
      address: 'http://app.test',
      vantage: 'app-side',
      timeoutMs: 1,
      slowMs: 1,
    },
  ],
}
const issues = {
  knownIssues: [
    {
      fingerprints: ['f-0123456789ab'],
      owner: 'ada',
      reason: 'known',
      until: '2026-02-01',
      scope: { tests: ['a'] },
    },
  ],
}
const commandLines = near([
  'gate --env staging --release 1 --json out.json --inject link-down@app/database',
  'chaos --seed 7 --profile failover',
  'report last --format html,json --out x',
  'judge --tier T2',
  'explain last test',
  'history export',
  'correct a b --as test --why c',
  'help FL1001',
  '--config',
  '-h',
]).map((text) => text.split(' '))
const run = syntheticRun({ tests: 12 })

/** One door, and a folder of its own for as long as inputs are given to it. */
function door<Input>(
  name: string,
  weight: number,
  inputs: fc.Arbitrary<Input>,
  enter: (input: Input, file: string) => unknown,
  allowed?: (error: unknown) => boolean,
): Area {
  return {
    name,
    weight,
    async run({ runs, seed }) {
      const folder = await mkdtemp(path.join(tmpdir(), 'faultline-fuzz-'))
      try {
        const hold = mustHold((input: Input) => enter(input, path.join(folder, 'input')), allowed)
        await fc.assert(fc.asyncProperty(inputs, hold), { numRuns: runs, seed })
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
}

/** The doors by which whole files, configurations and command lines come in. */
export const doors: readonly Area[] = [
  door(
    'configuration',
    4,
    fc.oneof({ weight: 4, arbitrary: mutated(config) }, { weight: 1, arbitrary: values }),
    (raw) =>
      completeSettings(
        { file: '/p/faultline.config.ts', folder: '/p', raw },
        { checkDefinition: problemsOf, environment: 'staging' },
      ),
  ),
  door('configuration of an agent', 6, fc.oneof(mutated(agentConfig), values), checkAgentConfig),
  door('known issues', 3, fc.oneof(mutated(issues).map(jsonOf), texts), async (text, file) => {
    await writeFile(file, text)
    await readKnownIssues(file, Date.UTC(2026, 0, 1))
  }),
  door('bytes of a journal', 0.5, bytesOfJournals(), async (bytes, file) => {
    await writeFile(file, bytes)
    await readJournal(file)
  }),
  door(
    'arguments of the command line',
    1,
    commandLines,
    async (args) => {
      const program = createProgram(() => async () => {})
      const silent = { writeOut() {}, writeErr() {}, outputError() {} }
      for (const command of withSubcommands(program)) command.configureOutput(silent)
      await program.parseAsync(args, { from: 'user' })
    },
    (error) => error instanceof CommanderError,
  ),
]

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return '{'
  }
}

/** A journal in which bytes were changed, lost or added. */
function bytesOfJournals(): fc.Arbitrary<Buffer> {
  const whole = Buffer.from(
    run
      .slice(0, 8)
      .map((record) => JSON.stringify(record))
      .join('\n'),
  )
  const damage = fc.record({
    at: fc.nat(whole.length),
    lost: fc.nat(40),
    added: fc.uint8Array({ maxLength: 40 }),
  })
  return damage.map(({ at, lost, added }) =>
    Buffer.concat([whole.subarray(0, at), added, whole.subarray(at + lost)]),
  )
}
