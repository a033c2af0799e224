/** Bundles the report page's script and style into one module of the library: `npm run build:report-page`. */
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { pageSourceDigest } from './report-page-digest.ts'

const folder = join(import.meta.dirname, '../framework/report/html')
const require = createRequire(import.meta.url)

const bundle = await rolldown({ input: join(folder, 'page/main.js'), platform: 'browser', treeshake: false })
const { output } = await bundle.generate({ format: 'iife', minify: true, comments: { legal: true } })
await bundle.close()
const style = [
  await readFile(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  (await readFile(join(folder, 'page/page.css'), 'utf8')).replace(/\n\s*/g, '\n'),
].join('\n')
const script = output[0].code
if (/<\/(script|style)/i.test(script + style)) throw new Error('the bundle would end its own element')
await writeFile(
  join(folder, 'page.generated.ts'),
  [
    '// Made by `npm run build:report-page` from framework/report/html/page and uPlot (MIT): change those, and make it anew.',
    `export const pageSource = '${await pageSourceDigest()}'`,
    `export const pageScript = ${literal(script)}`,
    `export const pageStyle = ${literal(style)}`,
    '',
  ].join('\n'),
)
console.log(`${script.length} bytes of script, ${style.length} bytes of style`)

/** A string literal; a `${` in it is spelled so that nobody takes it for a template that lost its quotes. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll('${', '\\u0024{')
}
