import { expect, test } from 'vitest'
import { renderJunit } from './junit.ts'
import { sampleReport } from './sample.test-data.ts'

test('an application verdict is a failure, an infrastructure verdict an error, a blocked test skipped', () => {
  const xml = renderJunit(sampleReport)
  expect(xml).toContain('tests="4" failures="1" errors="1" skipped="1"')
  expect(xml).toContain('<failure type="application" message="application: app (wrong-answer)">')
  expect(xml).toContain('<error type="infrastructure" message="infrastructure: app/database (link-down)">')
  expect(xml).toContain('<skipped message="blocked: database down"/>')
})

test('hostile names stay inside their attribute and never break the document', () => {
  const [first] = sampleReport.tests
  const hostile = { ...first!, name: '"><script>\u0000\u001b[31m&' }
  expect(renderJunit({ ...sampleReport, tests: [hostile] })).toContain(
    'name="&quot;&gt;&lt;script&gt;[31m&amp;"',
  )
})
