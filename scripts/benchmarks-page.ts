import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const page = path.resolve(import.meta.dirname, '../docs/benchmarks.md')

/** Writes one section of docs/benchmarks.md anew, and leaves the others; `text` begins with its `## ` heading. */
export async function writeSection(text: string): Promise<void> {
  const heading = text.slice(0, text.indexOf('\n'))
  const [intro, ...sections] = (await readFile(page, 'utf8')).split(/^(?=## )/m)
  const index = sections.findIndex((section) => section.startsWith(`${heading}\n`))
  const fresh = `${text.trimEnd()}\n`
  if (index === -1) sections.push(fresh)
  else sections[index] = fresh
  await writeFile(
    page,
    [intro, ...sections]
      .map((part) => part!.trimEnd())
      .join('\n\n')
      .concat('\n'),
  )
}
