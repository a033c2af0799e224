import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { findBrowser } from '#environment'
import type { JournalRecord } from '#journal'
import { chaosRunOf, faultSpansOf, type HtmlParts, renderChaosHtml, renderHtml } from '#report'
import { judgeRecords } from '../../framework/session/judge-run.ts'

/** The page of a run's records. */
export function pageOf(
  records: readonly JournalRecord[],
  kept: Pick<HtmlParts, 'logs' | 'screenshots'> = {},
): string {
  const { report, evidence } = judgeRecords(records)
  return renderHtml({ report, evidence, faults: faultSpansOf(records), ...kept })
}

/** The page of a chaos run's records. */
export function chaosPageOf(records: readonly JournalRecord[]): string {
  const run = chaosRunOf(records)
  if (!run) throw new Error('no experiment is in these records')
  return renderChaosHtml(run, 'made-up')
}

/** A browser with a folder of its own for pages to be opened from, as a reader opens a report from a disk. */
export interface Stage extends AsyncDisposable {
  readonly browser: Browser
  /** Writes the page and gives its URL. */
  write(page: string): Promise<string>
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-report-'))
  const found = await findBrowser({
    searchPath: process.env['PATH'] ?? '',
    root: path.resolve(import.meta.dirname, '../..'),
    dir: path.join(folder, 'browser'),
    signal: AbortSignal.timeout(60_000),
  })
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args],
    env: { ...process.env, ...found.environment } as Record<string, string>,
  })
  let pages = 0
  return {
    browser,
    async write(page) {
      const file = path.join(folder, `report-${pages++}.html`)
      await writeFile(file, page)
      return pathToFileURL(file).href
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Opened extends AsyncDisposable {
  readonly tab: Page
  /** What the browser complained of: errors, and whatever the page's own policy refused. */
  readonly complaints: readonly string[]
  readonly requests: readonly string[]
}

export async function open(
  stage: Stage,
  html: string,
  { width = 1280, dark = false, script = true }: { width?: number; dark?: boolean; script?: boolean } = {},
): Promise<Opened> {
  const context = await stage.browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: script,
    bypassCSP: false,
  })
  const tab = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  tab.on('console', (message) => complaints.push(message.text()))
  tab.on('pageerror', (error) => complaints.push(error.message))
  tab.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  tab.on('request', (request) => requests.push(request.url()))
  await tab.goto(await stage.write(html))
  return { tab, complaints, requests, [Symbol.asyncDispose]: () => context.close() }
}

export async function unfold(tab: Page): Promise<void> {
  await tab.evaluate('for (const each of document.querySelectorAll("details")) each.open = true')
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong, a line each. */
export async function axeFindings(tab: Page): Promise<string[]> {
  await tab.evaluate(axeSource)
  const { violations } = (await tab.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
