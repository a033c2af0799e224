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

test('of very many verdicts the first are told in full, and the others counted', () => {
  const [incident] = sampleReport.incidents
  const incidents = Array.from({ length: 1000 }, (_, index) => ({
    ...incident!,
    id: `I${index}`,
    verdict: { ...incident!.verdict, class: 'test', subject: `test ${index}` } as const,
  }))
  const many = renderHtml({ report: { ...sampleReport, incidents }, evidence: evidenceOf({}), faults: [] })
  expect(many.match(/<details class="verdict/g)).toHaveLength(50)
  expect(many).toContain('and 988 more verdicts, below')
  expect(many).toContain('and 950 more verdicts: the table of tests names each')
})
