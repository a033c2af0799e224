import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

/** Every page that readers meet, from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...globSync('{docs,examples}/**/*.md', { cwd: root }),
]

export function read(page: string): string {
  return readFileSync(path.join(root, page), 'utf8')
}

/** One block of code: ```` ```language mark ````. */
export interface Block {
  readonly page: string
  readonly language: string
  /** What stands behind the language: what a test does with the block. */
  readonly mark: string
  readonly text: string
}

export function blocksOf(page: string): Block[] {
  return [...read(page).matchAll(/^```(\w+)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm)].map(
    ([, language, mark = '', text]) => ({ page, language: language!, mark, text: text! }),
  )
}

/** The one block of a page with this mark. */
export function blockOf(page: string, mark: string): string {
  const found = blocksOf(page).filter((block) => block.mark === mark)
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks marked "${mark}"`)
  return found[0]!.text
}
