import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What the report page's bundle is made from, as a digest: its sources and the version of uPlot. */
export async function pageSourceDigest(): Promise<string> {
  const folder = join(import.meta.dirname, '../framework/report/html/page')
  const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name)).sort()
  const manifest: { version: string } = createRequire(import.meta.url)('uplot/package.json')
  const hash = createHash('sha256').update(manifest.version)
  for (const name of names) hash.update(name).update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}
