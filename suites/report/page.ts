import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { findBrowser } from '#environment'
import type { JournalRecord } from '#journal'
import { faultSpansOf, renderHtml } from '#report'
import { judgeRecords } from '../../framework/session/judge-run.ts'

/** The page of a run's records. */
export function pageOf(records: readonly JournalRecord[]): string {
  const { report, evidence } = judgeRecords(records)
  return renderHtml({ report, evidence, faults: faultSpansOf(records) })
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
