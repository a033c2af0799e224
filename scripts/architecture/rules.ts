import path from 'node:path'
import type { Import } from './imports.ts'

/** The stages of the data path, from left to right. A stage imports from stages to its left only. */
export const stages: readonly string[] = [
  'core',
  'journal',
  'topology',
  'conformance',
  'probe',
  'health',
  'strategy',
  'run',
  'evidence',
  'verdict',
  'decision',
  'environment',
  'fault',
  'experiment',
  'settings',
  'report',
  'history',
  'session',
  'vitest',
  'cli',
]

/** Stages whose values everybody may use: words and pure helpers, no I/O of their own. */
const vocabulary = ['core', 'journal', 'topology']

/** Stages that wire others, and so may import values from any stage to their left. */
const wiring = ['session', 'vitest', 'cli']

/** Where each third-party package lives: one folder, or one file. Others go through it. */
const homes: Readonly<Record<string, string>> = {
  '@sparticuz/chromium': 'framework/environment/',
  commander: 'framework/cli/',
  'fastest-levenshtein': 'framework/core/suggest.ts',
  'hdr-histogram-js': 'framework/experiment/latencies.ts',
  playwright: 'framework/vitest/',
  testcontainers: 'framework/environment/containers/',
  'toxiproxy-node-client': 'framework/fault/',
  vitest: 'framework/vitest/',
}

/** A broken rule, with the way to mend it. */
export interface Violation {
  readonly rule: string
  readonly where: string
  readonly message: string
}

export function stageOf(file: string): string | undefined {
  return /^framework\/([^/]+)\//.exec(file)?.[1]
}

/** Imports go one way, through a stage's door, and values come from the vocabulary or the own stage. */
export function checkDirections(imports: readonly Import[]): Violation[] {
  return imports.flatMap((entry) => {
    const from = stageOf(entry.file)
    const to = targetStage(entry)
    if (!from || !to || from === to) return []
    const where = `${entry.file}:${entry.line}`
    if (!entry.specifier.startsWith('#'))
      return [
        { rule: 'door', where, message: `imports ${entry.specifier}: go through the stage's door, '#${to}'` },
      ]
    if (stages.indexOf(to) > stages.indexOf(from))
      return [
        {
          rule: 'one-way',
          where,
          message: `${from}/ imports from ${to}/, which lies to its right: move the shared type to the left, or hand it in by framework/session`,
        },
      ]
    if (!entry.typeOnly && !vocabulary.includes(to) && !wiring.includes(from) && !isEntryFile(entry.file))
      return [
        {
          rule: 'values',
          where,
          message: `${from}/ takes a value from ${to}/: use \`import type\`, and let framework/session hand the value in`,
        },
      ]
    return []
  })
}

/** An entry file of a child process is a small composition root. */
function isEntryFile(file: string): boolean {
  return path.basename(file) === 'main.ts'
}

function targetStage(entry: Import): string | undefined {
  // A stage may have a further door for one of its files: '#session/plain-run'.
  if (entry.specifier.startsWith('#')) return entry.specifier.slice(1).split('/')[0]
  if (entry.specifier.startsWith('.'))
    return stageOf(path.posix.join(path.posix.dirname(entry.file), entry.specifier))
  return undefined
}

/** Every file that reaches itself by its imports, types included: one violation a cycle. */
export function checkCycles(imports: readonly Import[]): Violation[] {
  const edges = new Map<string, string[]>()
  for (const entry of imports) {
    if (!entry.specifier.startsWith('.')) continue
    const to = path.posix.join(path.posix.dirname(entry.file), entry.specifier)
    edges.set(entry.file, [...(edges.get(entry.file) ?? []), to])
  }
  const done = new Set<string>()
  const found: Violation[] = []
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      const cycle = [...trail.slice(trail.indexOf(file)), file]
      found.push({
        rule: 'no-cycles',
        where: file,
        message: `${cycle.join(' → ')}: move what both need into a file of its own`,
      })
      return
    }
    if (done.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return found
}

/** A third-party package has one home. */
export function checkHomes(imports: readonly Import[]): Violation[] {
  return imports
    .filter(
      ({ file, specifier }) =>
        file.startsWith('framework/') &&
        homes[packageOf(specifier)] &&
        !file.startsWith(homes[packageOf(specifier)]!),
    )
    .map(({ file, line, specifier }) => ({
      rule: 'one-home',
      where: `${file}:${line}`,
      message: `${specifier} lives in ${homes[packageOf(specifier)]}: call what that folder offers`,
    }))
}

function packageOf(specifier: string): string {
  return specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!
}

/** The judged doesn't import the judge, users' tests use the package's name, and Node's modules carry `node:`. */
export function checkBorders(imports: readonly Import[]): Violation[] {
  return imports.flatMap(({ file, line, specifier }) => {
    const where = `${file}:${line}`
    const intoFramework = specifier.startsWith('#') || specifier.includes('/framework/')
    if (file.startsWith('fixtures/backend/') && (intoFramework || specifier.startsWith('faultline')))
      return [
        {
          rule: 'fixtures',
          where,
          message: `imports ${specifier}: fixtures/backend must not share code with the library, or one bug hides in both`,
        },
      ]
    if (/^suites\/(staging|chaos|configuration|health)\//.test(file) && intoFramework)
      return [{ rule: 'suites', where, message: `imports ${specifier}: use 'faultline' as a user would` }]
    return []
  })
}
