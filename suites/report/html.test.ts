import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Attempt } from '#run'
import { axeFindings, open, openStage, pageOf, type Stage, unfold } from './page.ts'
import { began, syntheticRun } from './synthetic-run.ts'

const gap = { fromMs: 40_000, forMs: 8_000 }
const usual = pageOf(syntheticRun({ tests: 300, gap }))

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(async () => {
  await stage[Symbol.asyncDispose]()
})

test('the page asks for nothing but itself, and its own policy refuses nothing in it', async () => {
  await using opened = await open(stage, usual)
  await opened.tab.locator('#timeline canvas').waitFor()
  expect(opened.requests).toEqual([opened.tab.url()])
  expect(opened.complaints).toEqual([])
})

test('the first screen says the decision, who is at fault for what, and what was not verified', async () => {
  await using opened = await open(stage, usual)
  const text = await opened.tab.locator('body').innerText()
  expect(text).toContain('The change, or a test, is at fault. A retry would not help.')
  expect(text).toMatch(/Infrastructure at fault\s+app\/database link/)
  expect(text).toMatch(/Application at fault\s+app/)
  expect(text).toMatch(/8 of 8 paths were not watched for up to 9.0 s/)
  const box = await opened.tab.locator('#unverified').boundingBox()
  expect(box?.y).toBeLessThan(900)
})

test.each([
  [400, false],
  [400, true],
  [1500, false],
  [1500, true],
])('axe finds nothing at %i px, dark: %s, with everything unfolded', async (width, dark) => {
  await using opened = await open(stage, usual, { width, dark })
  await unfold(opened.tab)
  expect(await axeFindings(opened.tab)).toEqual([])
})

test.each([360, 400, 900, 1600])('nothing runs over the side at %i px', async (width) => {
  await using opened = await open(stage, usual, { width })
  await unfold(opened.tab)
  expect(await opened.tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
})

const hostile = [
  '<script>globalThis.pwned = 1; alert(1)</script>',
  '</script><script>globalThis.pwned = 2</script>',
  '<!--<script>',
  '"><img src=x onerror="globalThis.pwned = 3">',
  "' onmouseover='globalThis.pwned = 4' x='",
  'javascript:globalThis.pwned=5',
  '\u202egnp.exe\u202c and \u2066more\u2069',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\u0000\u0008\u2028\u2029',
  '</style><style>body { display: none }</style>',
  '{{constructor.constructor("globalThis.pwned = 6")()}}',
  '</title><base href="https://evil.example/">',
]

test('hostile names and messages are shown as text, and do nothing', async () => {
  const page = pageOf(syntheticRun({ tests: 60, names: hostile, message: hostile.join('\n') }))
  await using opened = await open(stage, page)
  await unfold(opened.tab)
  await opened.tab.locator('#tests tbody tr').first().waitFor()
  expect(await opened.tab.evaluate('globalThis.pwned')).toBeUndefined()
  expect(opened.complaints).toEqual([])
  expect(opened.requests).toEqual([opened.tab.url()])
  expect(await opened.tab.locator('script').count()).toBe(2)
  expect(await opened.tab.locator('style').count()).toBe(1)
  expect(await opened.tab.locator('img, base, iframe, object, link').count()).toBe(0)
  const text = await opened.tab.locator('body').innerText()
  expect(text).toContain('<script>globalThis.pwned = 1; alert(1)</script>')
  expect(text).toContain('⟨U+202E⟩gnp.exe')
  expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
})

test('the page tells the verdicts without its script too', async () => {
  await using opened = await open(stage, usual, { script: false })
  expect(await opened.tab.locator('details.verdict').count()).toBe(2)
  expect(await opened.tab.locator('#timeline').isVisible()).toBe(false)
})

test('a link from the first screen opens the evidence behind the verdict', async () => {
  await using opened = await open(stage, usual)
  await opened.tab.locator('.card.infrastructure a').click()
  const verdict = opened.tab.locator('details.verdict.infrastructure')
  await verdict.locator('h3', { hasText: 'What probes saw meanwhile' }).waitFor({ state: 'visible' })
  expect(await verdict.innerText()).toMatch(/app\/database\s+app-side\s+new/)
  expect(await verdict.innerText()).toContain('refused ECONNREFUSED')
  expect(await verdict.textContent()).toContain('POST /threads')
})

test('behind a verdict are the services’ logs of that time and the picture of the failed page', async () => {
  const records = syntheticRun({ tests: 150 }).map((record) =>
    record.kind === 'attempt' && (record.data as Attempt).outcome === 'failed'
      ? { ...record, data: { ...(record.data as Attempt), screenshot: 'artifacts/0123456789abcdef.jpg' } }
      : record,
  )
  const at = began + 9_000
  const page = pageOf(records, {
    logs: [{ service: 'app', lines: [{ at, text: '<b>pool is empty</b>' }] }],
    screenshots: new Map([['artifacts/0123456789abcdef.jpg', await samplePicture(stage)]]),
  })
  await using opened = await open(stage, page)
  await unfold(opened.tab)
  const verdict = opened.tab.locator('details.verdict.infrastructure')
  expect(await verdict.locator('.log').innerText()).toContain('<b>pool is empty</b>')
  const picture = verdict.locator('img').first()
  await picture.scrollIntoViewIfNeeded()
  await expect
    .poll(() => picture.evaluate((image: { naturalWidth?: number }) => image.naturalWidth))
    .toBe(320)
  expect(opened.complaints).toEqual([])
  expect(await axeFindings(opened.tab)).toEqual([])
})

test('the keyboard goes through the timeline and tells each span', async () => {
  await using opened = await open(stage, usual)
  const told = opened.tab.locator('#timeline [role=status]')
  await opened.tab.locator('.timeline').focus()
  await opened.tab.keyboard.press('ArrowRight')
  expect(await told.innerText()).toMatch(/^link-down@app\/database: injected · 12:00:08\.000/)
  await opened.tab.keyboard.press('ArrowDown')
  expect(await told.innerText()).toMatch(/^client\/app \(runner\): healthy/)
  for (let press = 0; press < 3; press++) await opened.tab.keyboard.press('ArrowRight')
  expect(await told.innerText()).toMatch(/^client\/app \(runner\): healthy/)
  await opened.tab.keyboard.press('ArrowLeft')
  expect(await told.innerText()).toMatch(/^client\/app \(runner\): not watched · 12:00:39\.004, 9\.00 s/)
})

test('the pointer is told what lies under it', async () => {
  await using opened = await open(stage, usual)
  const over = opened.tab.locator('.u-over')
  await over.hover({ position: { x: await xOf(opened.tab, 11_000), y: 18 } })
  expect(await opened.tab.locator('.tip').innerText()).toContain('link-down@app/database: injected')
})

test('dragging zooms, and zero shows the whole run again', async () => {
  await using opened = await open(stage, usual)
  const before = await picture(opened.tab)
  await opened.tab.locator('.u-over').hover({ position: { x: 200, y: 30 } })
  await opened.tab.mouse.down()
  await opened.tab.locator('.u-over').hover({ position: { x: 400, y: 30 } })
  await opened.tab.mouse.up()
  await expect.poll(() => picture(opened.tab)).not.toBe(before)
  await opened.tab.locator('.timeline').focus()
  await opened.tab.keyboard.press('0')
  await expect.poll(() => picture(opened.tab)).toBe(before)
})

test('a gap in the looks isn’t drawn in the colour of health', async () => {
  await using opened = await open(stage, usual)
  const healthy = await colourAt(opened.tab, 10_000)
  expect(healthy).toBe(
    await opened.tab.evaluate('getComputedStyle(document.documentElement).getPropertyValue("--healthy")'),
  )
  for (const ms of [41_000, 44_000, 47_000])
    expect(await coloursAround(opened.tab, ms)).not.toContain(healthy)
})

test('the tests can be searched and filtered', async () => {
  await using opened = await open(stage, usual)
  const rows = opened.tab.locator('#tests tbody tr')
  expect(await rows.count()).toBe(100)
  await opened.tab.locator('#tests select').selectOption('failed')
  expect(await rows.count()).toBe(1)
  await opened.tab.locator('#tests select').selectOption('')
  await opened.tab.locator('#tests input').fill('number 299')
  expect(await rows.allInnerTexts()).toEqual([expect.stringContaining('number 299')])
})

/** The x of a moment on the plot, in CSS px. */
async function xOf(tab: Page, ms: number): Promise<number> {
  const box = await tab.locator('.u-over').boundingBox()
  const { durationMs } = JSON.parse((await tab.locator('#data').textContent()) ?? '')
  return ((box?.width ?? 0) * ms) / durationMs
}

function picture(tab: Page): Promise<string> {
  return tab.evaluate('document.querySelector("#timeline canvas").toDataURL()') as Promise<string>
}

async function colourAt(tab: Page, ms: number): Promise<string> {
  return (await column(tab, ms))[Math.floor(columnHeight / 2)] ?? ''
}

async function coloursAround(tab: Page, ms: number): Promise<string[]> {
  return [...new Set(await column(tab, ms))]
}

const columnHeight = 24

/** The colours of the edge's lane at a moment, from top to bottom. */
async function column(tab: Page, ms: number): Promise<string[]> {
  const x = Math.round(await xOf(tab, ms))
  return (await tab.evaluate(`(() => {
    const canvas = document.querySelector('#timeline canvas')
    const over = document.querySelector('.u-over')
    const left = over.offsetLeft + ${x}
    const top = over.offsetTop + 6 + 24 + 12
    const { data } = canvas.getContext('2d').getImageData(left, top, 1, ${columnHeight})
    const hex = (value) => value.toString(16).padStart(2, '0')
    return Array.from({ length: ${columnHeight} }, (_, row) => '#' + hex(data[row * 4]) + hex(data[row * 4 + 1]) + hex(data[row * 4 + 2]))
  })()`)) as string[]
}

/** A real picture. It is drawn rather than taken of a page, which a browser refuses before its first frame. */
async function samplePicture({ browser }: Stage): Promise<Buffer> {
  await using context = await browser.newContext()
  const url = (await (
    await context.newPage()
  ).evaluate(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 })
    canvas.getContext('2d').fillRect(40, 40, 100, 100)
    return canvas.toDataURL('image/jpeg')
  })()`)) as string
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
