import { createInterface } from 'node:readline/promises'
import type { Project } from './project.ts'
import type { Answers } from './templates.ts'

/** What the project suggests, for those who don't want to be asked. */
export function suggested({ server, ci }: Project): Answers {
  return { environment: { kind: server === undefined ? 'remote' : 'embedded' }, ci }
}

/** Puts one question, and gives what was typed. */
export type Ask = (question: string) => Promise<string>

/** Asks only what the project doesn't tell; an empty answer takes the suggestion. */
export async function askFor(project: Project, ask: Ask): Promise<Answers> {
  const suggestion = suggested(project)
  const environment = await askEnvironment(project, ask)
  if (suggestion.ci !== undefined) return { environment, ci: suggestion.ci }
  const ci = (await ask('A pipeline of github, gitlab, or none? [none] ')).trim().toLowerCase()
  return { environment, ci: ci === 'github' || ci === 'gitlab' ? ci : undefined }
}

async function askEnvironment({ server }: Project, ask: Ask): Promise<Answers['environment']> {
  if (server !== undefined) {
    const here = await ask(`Run ${server} here for the tests, rather than test a staging? [Y/n] `)
    if (!/^n/i.test(here.trim())) return { kind: 'embedded' }
  }
  const url = (await ask('The URL of the staging? [taken from STAGING_URL] ')).trim()
  return url === '' ? { kind: 'remote' } : { kind: 'remote', url }
}

/** Asks on this process's terminal, until it is disposed. */
export function terminal(signal: AbortSignal): { ask: Ask } & Disposable {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  return {
    ask: (question) => lines.question(question, { signal }),
    [Symbol.dispose]: () => lines.close(),
  }
}
