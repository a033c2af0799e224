import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { secret } from '#core'
import { type AgentConfig, connectAgent } from '#probe'
import { exampleProject as project } from '../../framework/cli/init/project.test-data.ts'
import { githubWorkflow, gitlabJob } from '../../framework/cli/init/workflows.ts'
import { blockOf, blocksOf, root } from './pages.ts'

const recipes = 'docs/guides/ci-recipes.md'
const agentGuide = 'docs/guides/deploy-the-agent.md'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'faultline-guides-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the recipe for GitHub has the steps that init writes', () => {
  const stepsOf = (text: string) => parse(text).jobs.gate.steps
  expect(stepsOf(blockOf(recipes, 'github'))).toEqual(stepsOf(githubWorkflow(project, true)))
})

test('the recipe for GitLab is the job that init writes', () => {
  expect(parse(blockOf(recipes, 'gitlab'))).toEqual(parse(gitlabJob(project)))
})

/** Runs the recipe for any shell, where gates end with these codes one after the other. */
function runRecipe(codes: readonly number[]) {
  const program = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(path.join(folder, name), 0o755)
  }
  writeFileSync(path.join(folder, 'codes'), codes.join('\n'))
  program(
    'npx',
    'echo gate >> calls; mkdir -p .faultline/runs/one; code=$(head -1 codes); sed -i 1d codes; exit "$code"',
  )
  program('sleep', 'echo "waited $1" >> calls')
  const { status } = spawnSync('sh', ['-c', blockOf(recipes, 'gate.sh')], {
    cwd: folder,
    env: { PATH: `${folder}:/usr/bin:/bin` },
  })
  return { status, calls: readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n') }
}

test.each([0, 1, 3, 70])('the shell’s recipe ends at once with %i', (code) => {
  expect(runRecipe([code])).toEqual({ status: code, calls: ['gate'] })
})

test('the shell’s recipe tries a hold again, and keeps the journals', () => {
  expect(runRecipe([75, 0])).toEqual({ status: 0, calls: ['gate', 'waited 300', 'gate'] })
  expect(spawnSync('tar', ['-tzf', path.join(folder, 'faultline-report/runs.tar.gz')]).status).toBe(0)
})

test('the shell’s recipe ends with a hold that stays', () => {
  expect(runRecipe([75, 75, 75]).status).toBe(75)
})

test('an agent starts by the configuration of its guide, and looks at what that names', async () => {
  const config = JSON.parse(blockOf(agentGuide, 'agent')) as AgentConfig
  const file = path.join(folder, 'agent.json')
  writeFileSync(file, JSON.stringify({ ...config, host: '127.0.0.1', port: 0 }))
  const flags = ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, path.join(root, 'framework/cli/main.ts'), 'agent', file])
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { listening } = JSON.parse(line) as { listening: number }
    await using client = await connectAgent({
      url: `ws://127.0.0.1:${listening}`,
      token: secret(config.token),
      signal: AbortSignal.timeout(10_000),
      timeoutMs: 5000,
    })
    expect(client.targets.map(({ target, link }) => link ?? target)).toEqual([
      'app/database',
      'app/analytics',
      'app',
    ])
  } finally {
    child.kill()
  }
  expect(await once(child, 'exit')).toEqual([0, null])
}, 30_000)

test('the agent’s manifests hold the file where the image reads it, and its port', () => {
  const [run, cluster] = blocksOf(agentGuide)
    .filter(({ language }) => language === 'yaml')
    .map(({ text }) => parseAllDocuments(text).map((document) => document.toJS()))
  const deployment = cluster!.find(({ kind }) => kind === 'Deployment')
  for (const spec of [run![0].spec.template.spec, deployment.spec.template.spec]) {
    const [container] = spec.containers
    expect(container.volumeMounts).toMatchObject([{ name: 'config', mountPath: '/etc/faultline' }])
    expect(spec.volumes).toMatchObject([{ name: 'config' }])
    expect(container.ports).toEqual([{ containerPort: 8080 }])
  }
  const secretOf = cluster!.find(({ kind }) => kind === 'Secret').stringData['agent.json']
  expect(JSON.parse(secretOf)).toMatchObject({ port: 8080 })
})
