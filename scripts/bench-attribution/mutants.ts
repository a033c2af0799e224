import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type File, Instrumenter } from '@stryker-mutator/instrumenter'
import { createRandom } from '#core'

/** One change of the backend's source that nobody chose. */
export interface Mutant {
  /** What `__STRYKER_ACTIVE_MUTANT__` switches it on by. */
  readonly id: string
  /** Relative to the backend. */
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly replacement: string
}

/** A copy of the backend that carries all its mutants, each asleep until a variable names it. */
export interface MutatedBackend {
  readonly folder: string
  readonly mutants: readonly Mutant[]
}

/** What serves requests; texts of logs and messages are left alone, since hardly a test reads them. */
const sources = '{auth,identity,limit}.ts,{chat,clients,database,http,websocket,bridge}/**/*.ts'
const excludedMutations = ['StringLiteral', 'Regex']

/** Writes the copy into `folder`, anew. */
export async function mutateBackend(backend: string, folder: string): Promise<MutatedBackend> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.dirname(folder), { recursive: true })
  await cp(backend, folder, { recursive: true })
  const files: File[] = []
  for await (const name of glob(`{${sources}}`, { cwd: backend }))
    if (!name.endsWith('.test.ts'))
      files.push({ name, content: await readFile(path.join(backend, name), 'utf8'), mutate: true })
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  const instrumenter = new Instrumenter(silent)
  const result = await instrumenter.instrument(files, { plugins: null, excludedMutations, ignorers: [] })
  for (const { name, content } of result.files) await writeFile(path.join(folder, name), content)
  const mutants = result.mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      mutator: mutatorName,
      replacement: replacement ?? '',
    }))
  return { folder, mutants }
}

/** The mutants in the order in which they are tried: drawn by the seed, one file not before another. */
export function drawOrder(mutants: readonly Mutant[], seed: number): Mutant[] {
  const random = createRandom(seed)
  return mutants
    .map((mutant) => ({ mutant, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ mutant }) => mutant)
}

const quiet = () => undefined
const no = () => false
const silent = {
  ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, isWarnEnabled: no },
  ...{ isErrorEnabled: no, isFatalEnabled: no },
  ...{ trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet },
}
