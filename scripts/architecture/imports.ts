import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One import statement of one file. */
export interface Import {
  /** Relative to the repository. */
  readonly file: string
  readonly line: number
  readonly specifier: string
  /** Erased when it runs. */
  readonly typeOnly: boolean
}

const statement =
  /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

/** The imports of one file's text. Inline `type` marks count only when every name has one. */
export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(statement)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    specifier: (match[2] ?? match[3])!,
    typeOnly: match[1] !== undefined || namesAreAllTypes(match[0]),
  }))
}

function namesAreAllTypes(text: string): boolean {
  const names = /^(?:import|export)\s*\{([^}]*)\}/.exec(text)?.[1]
  if (!names) return false
  const list = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return list.length > 0 && list.every((name) => name.startsWith('type '))
}

/** The imports of every source file below the folders, tests left out. */
export function readImports(root: string, folders: readonly string[]): Import[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
    .sort()
    .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')))
}
