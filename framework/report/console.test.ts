import { expect, test } from 'vitest'
import { renderSummary } from './console.ts'
import { sampleReport } from './sample.test-data.ts'
import { createStyle } from './style.ts'

test('the summary says the decision, each incident with its tests, what was not well and what did not bite', () => {
  expect(renderSummary(sampleReport, createStyle(false))).toMatchInlineSnapshot(`
    "BLOCK: The change, or a test, is at fault. A retry would not help.
      app gave a wrong answer

    application: app (wrong-answer)  confidence 0.97, T2
      + as seen
      failed   chat.test.ts > answers

    Not well during the run
      database (app-side): unavailable, healthy at the end

    Injected
      link-down@app/database 0s-6s: did not bite

    1 passed, 2 failed, 1 blocked, 0 skipped in 4.2 s on embedded, release 1.2.3"
  `)
})
