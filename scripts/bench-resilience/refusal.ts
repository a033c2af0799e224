/** An answer that says no, and because of what. The words are what a history keeps of it. */
export class Refusal extends Error {
  constructor(dependency: string, code: string) {
    super(`refused for want of ${dependency}: ${code}`)
    this.name = 'Refusal'
  }
}

const words = /^refused for want of ([\w-]+): /

/** What a refusal blames, by the words that a history kept; undefined for any other end. */
export function blamedBy(detail: string | undefined): string | undefined {
  return words.exec(detail ?? '')?.[1]
}

interface Problem {
  readonly type?: string
  readonly dependency?: string
}

/**
 * What an answer that isn't a success comes to: a refusal when it is a 503 that says what is missing, else a failure that
 * blames nobody.
 */
export function refusalOf(status: number, problem: Problem): Error {
  const code = problem.type?.split('/').at(-1) ?? 'unnamed'
  if (status === 503 && problem.dependency !== undefined) return new Refusal(problem.dependency, code)
  return new Error(`status ${status}: ${code}`)
}

/** A body as problem details; empty for what isn't. */
export function problemIn(text: string): Problem {
  try {
    return JSON.parse(text) as Problem
  } catch {
    return {}
  }
}
