import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, Page, Request } from 'playwright'
import { type EpochMs, FaultlineError, now, sleep } from '#core'
import type { Exchange } from '#evidence'
import type { TestInit } from '../infrastructure-aware-test.ts'
import type { ProvidedToWorkers } from '../provided.ts'
import { browserOfWorker } from './browser-of-worker.ts'
import type { Power } from './power.ts'

/**
 * The power to drive a browser: `t.page`, a page of Playwright with the entry as base URL. One browser a worker, one
 * context a test.
 */
export const page: Power<'page', Page> = { name: 'page', prepare: openPage }

/** A page for one test. Throws `FL2002` where Playwright isn't installed. */
export async function openPage(init: TestInit): Promise<Page> {
  const { scope } = init
  const { browser: launch, entry, artifactsDir } = scope.settings
  const browser = await browserOfWorker(() => launchBrowser(launch))
  const context = await browser.newContext(entry ? { baseURL: entry.url } : {})
  const opened = await context.newPage()
  scope.cleanup.defer(async () => {
    if (scope.failed && artifactsDir !== undefined)
      scope.screenshot = await takeScreenshot(opened, artifactsDir, scope.key)
    await context.close()
  })
  noteTraffic(opened, init)
  return opened
}

/** Playwright is loaded by those who use it: it is large, and an optional package. */
async function launchBrowser(options: ProvidedToWorkers['browser']): Promise<Browser> {
  const { chromium } = await import('playwright').catch((cause) => {
    throw new FaultlineError('FL2002', 'the package playwright is not installed', {
      remedy: 'Tests in a browser need it: npm install --save-dev playwright',
      cause,
    })
  })
  const { executablePath, args = [], env } = options ?? {}
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    ...(env && { env: { ...env } }),
    args: [...args],
  })
}

const screenshotWithinMs = 2000

/**
 * The page as it was left, kept in the run's folder. Gives the file as seen from there; undefined where the page shows
 * nothing. A browser that has drawn no frame yet refuses at once, so that it is asked again while there is time.
 */
async function takeScreenshot(opened: Page, dir: string, key: string): Promise<string | undefined> {
  await mkdir(dir, { recursive: true })
  const name = `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.jpg`
  const until = now() + screenshotWithinMs
  for (let left = screenshotWithinMs; left > 0 && !opened.isClosed(); left = until - now()) {
    const taken = await opened
      .screenshot({ path: join(dir, name), type: 'jpeg', quality: 70, timeout: left })
      .then(
        () => true,
        () => false,
      )
    if (taken) return `${basename(dir)}/${name}`
    await sleep(100)
  }
  return undefined
}

/** The browser's requests become exchanges of the attempt; what the page complains of goes to the log of the tests. */
function noteTraffic(opened: Page, { scope }: TestInit): void {
  const { entry } = scope.settings
  const entryHost = entry && new URL(entry.url).host
  const underWay = new Map<Request, EpochMs>()
  const note = (request: Request, end: Pick<Exchange, 'outcome' | 'code'>) => {
    const from = underWay.get(request)
    if (from === undefined) return
    underWay.delete(request)
    const { host, pathname } = new URL(request.url())
    scope.noteExchange({
      protocol: 'http',
      operation: `${request.method()} ${pathname}`,
      host,
      ...(entry && host === entryHost && { target: entry.service }),
      from,
      to: now(),
      ...end,
    })
  }
  opened.on('request', (request) => {
    if (request.url().startsWith('http')) underWay.set(request, now())
  })
  opened.on('requestfailed', (request) => {
    const code = request.failure()?.errorText ?? 'net::ERR_FAILED'
    note(request, { outcome: code === 'net::ERR_ABORTED' ? 'aborted' : 'failed', code })
  })
  opened.on('response', (response) => {
    const status = response.status()
    if (status >= 500) note(response.request(), { outcome: 'failed', code: String(status) })
  })
  opened.on('requestfinished', async (request) => {
    const response = await request.response().catch(() => null)
    note(request, { outcome: 'ok', ...(response && { code: String(response.status()) }) })
  })
  opened.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`)
  })
  opened.on('pageerror', (error) => console.error(`page: ${error.message}`))
  scope.cleanup.defer(() => {
    for (const request of [...underWay.keys()]) note(request, { outcome: 'aborted' })
  })
}
