/** Opens the report of a made-up run of 10,000 tests in a real browser, and measures it: `npm run bench:report [-- --json FILE]`. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { now } from '#core'
import { openStage, pageOf } from '../suites/report/page.ts'
import { syntheticRun } from '../suites/report/synthetic-run.ts'

const tests = 10_000
const rounds = 5
const limits = { openMs: 2_000, megabytes: 6 }

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const records = syntheticRun({ tests })
const begin = now()
const page = pageOf(records)
const makeMs = now() - begin

await using stage = await openStage()
const url = await stage.write(page)
const opened: number[] = []
for (let round = 0; round < rounds; round++) opened.push(await open(url))

/** From the navigation until the page is complete, drawn and answers: two frames after the script has run. */
async function open(address: string): Promise<number> {
  await using context = await stage.browser.newContext({ viewport: { width: 1280, height: 900 } })
  const tab = await context.newPage()
  const from = now()
  await tab.goto(address, { waitUntil: 'load' })
  await tab.locator('#timeline canvas').waitFor()
  await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  return now() - from
}

const result = {
  tests,
  megabytes: Buffer.byteLength(page) / 1e6,
  makeMs,
  openMs: opened.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN,
}
console.table(result)
if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
if (result.openMs > limits.openMs || result.megabytes > limits.megabytes) {
  console.error(`over the limit of ${limits.openMs} ms or ${limits.megabytes} MB`)
  process.exitCode = 1
}
