import { expect, test } from 'vitest'
import { askFor } from './ask.ts'
import type { Project } from './project.ts'

const project: Project = {
  folder: '/repo',
  repository: '/repo',
  packageManager: 'npm',
  locked: true,
  ci: undefined,
  language: 'ts',
  modules: 'esm',
  dependencies: new Set(),
  vitest: undefined,
  server: 'server.ts',
  health: '/',
  postgres: false,
}

/** Answers questions in their order, and keeps them. */
function answering(...answers: string[]) {
  const asked: string[] = []
  const ask = async (question: string) => answers[asked.push(question) - 1] ?? ''
  return { asked, ask }
}

test('empty answers take what the project suggests', async () => {
  expect(await askFor(project, answering().ask)).toEqual({
    environment: { kind: 'embedded' },
    ci: undefined,
  })
})

test('a staging is taken by its URL, and a pipeline by its name', async () => {
  expect(await askFor(project, answering('n', ' https://staging.example.test ', 'GitLab').ask)).toEqual({
    environment: { kind: 'remote', url: 'https://staging.example.test' },
    ci: 'gitlab',
  })
})

test('what the project tells is not asked', async () => {
  const dialogue = answering()
  await askFor({ ...project, ci: 'github', server: undefined }, dialogue.ask)
  expect(dialogue.asked).toHaveLength(1)
})
