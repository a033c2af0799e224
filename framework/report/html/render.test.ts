import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageSourceDigest } from '../../../scripts/report-page-digest.ts'
import { sampleReport } from '../sample.test-data.ts'
import { evidenceOf } from './evidence.test-data.ts'
import { pageSource } from './page.generated.ts'
import { renderHtml } from './render.ts'

const page = renderHtml({ report: sampleReport, evidence: evidenceOf({}), faults: [] })

test('the page’s bundle is made from the sources that are here; else run npm run build:report-page', async () => {
  expect(pageSource).toBe(await pageSourceDigest())
})

test('the page’s policy allows the one script and the one style that are in it, and no network', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]
  expect(policy).toMatch(/^default-src 'none';/)
  for (const [, text] of [
    ...page.matchAll(/<script>([\s\S]*?)<\/script>/g),
    ...page.matchAll(/<style>([\s\S]*?)<\/style>/g),
  ])
    expect(policy).toContain(`'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
})

test('nothing in the page points to another address', () => {
  expect(page).not.toMatch(/(src|href)="(?!#)/)
})
