import type { Project } from './project.ts'

/** What init finds in a small TypeScript project on GitHub. */
export const exampleProject: Project = {
  folder: '/repo',
  repository: '/repo',
  packageManager: 'npm',
  locked: true,
  ci: 'github',
  language: 'ts',
  modules: 'esm',
  dependencies: new Set(),
  vitest: 5,
  server: 'server.ts',
  health: '/',
  postgres: false,
}
