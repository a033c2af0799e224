import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandResult, faultline } from '../../gate/gate-command.ts'
import { type Canaries, leaks, type Output, outputsIn, plant } from './canaries.ts'
import { type LeakyProject, leakyProject } from './leaky-project.ts'

let project: LeakyProject
let canaries: Canaries
const outputs: Output[] = []

function keep(command: string, { stdout, stderr }: CommandResult) {
  outputs.push({ where: `the output of ${command}`, text: `${stdout}\n${stderr}` })
}

/** Calls a command, and keeps what it prints. */
async function call(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const result = await project.faultline(args, env)
  keep(args.join(' '), result)
  return result
}

beforeAll(async () => {
  canaries = plant()
  project = await leakyProject(canaries)
  await mkdir(path.join(project.folder, 'out'))
})
afterAll(() => project[Symbol.asyncDispose]())

async function allOutputs(): Promise<Output[]> {
  const kept = await Promise.all(
    ['.faultline', 'out'].map((name) => outputsIn(path.join(project.folder, name))),
  )
  return [...outputs, ...kept.flat()]
}

const failing = 'suites/leaks.test.ts > leaks > an error tells what was sent'
const formats = ['--format', 'html,junit,ctrf,json,github', '--out']

describe('no secret is in', { timeout: 240_000 }, () => {
  test('what a gate prints, keeps and reports', async () => {
    const github = {
      GITHUB_STEP_SUMMARY: path.join(project.folder, 'out/step-summary.md'),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
    }
    const gate = await call(['gate', '--env', 'own', '--verbose', '--json', 'out/run.json'], github)
    expect(gate.exitCode, gate.stdout + gate.stderr).toBe(1)
    await call(['report', ...formats, 'out/reports'], github)
    for (const args of [
      ['explain', failing],
      ['judge'],
      ['history'],
      ['known-issues'],
      ['probe', '--env', 'own'],
      ['doctor'],
    ])
      await call(args)
    const kept = await allOutputs()
    expect(kept.map(({ where }) => path.basename(where))).toEqual(
      expect.arrayContaining([
        'journal.ndjson',
        'report.html',
        'junit.xml',
        'ctrf.json',
        'summary.md',
        'app.log',
        'tests.log',
      ]),
    )
    expect(leaks(canaries, kept)).toEqual([])
  })

  test('what a gate of a staging with an agent and events prints, keeps and reports', async () => {
    const gate = await call(['gate', '--env', 'far', '--verbose', '--json', 'out/far.json'])
    expect(gate.exitCode).not.toBe(0)
    await call(['report', ...formats, 'out/far'])
    expect(leaks(canaries, await allOutputs())).toEqual([])
  })

  test('what a chaos run prints, keeps and reports', async () => {
    const chaos = await call(['chaos', '--env', 'own', 'leaks.chaos.ts', '--json', 'out/chaos.json'], {
      WAIT_MS: '30000',
    })
    expect([1, 3], chaos.stdout + chaos.stderr).toContain(chaos.exitCode)
    const [run] = (await readdir(path.join(project.folder, '.faultline/environments'))).toSorted().reverse()
    await call(['report', run!, ...formats, 'out/chaos'])
    expect(leaks(canaries, await allOutputs())).toEqual([])
  })

  test('an error that a configuration throws', async () => {
    const variables = { PLANT: `{ "token": "${canaries.bearer}" oops`, OWN_TOKEN: canaries.ownVariable }
    keep('gate', await faultline(['gate'], variables, project.folder))
    expect(leaks(canaries, outputs)).toEqual([])
  })
})

test('a canary is found in every form that the search knows', () => {
  const value = canaries.bearer
  const forms = [value, Buffer.from(`a:${value}`).toString('base64'), Buffer.from(value).toString('hex')]
  for (const form of forms) expect(leaks(canaries, [{ where: 'here', text: `x ${form} y` }])).toHaveLength(1)
})
