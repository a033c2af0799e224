import { expect, test } from 'vitest'
import { renderGithub } from './github.ts'
import { sampleReport } from './sample.test-data.ts'

const [incident] = sampleReport.incidents

test('the summary says the decision, each verdict with its tests, and what was not well', () => {
  const { summary } = renderGithub(sampleReport)
  expect(summary).toContain('## BLOCK: The change, or a test, is at fault.')
  expect(summary).toContain('### application: app (wrong-answer) · 97 % sure')
  expect(summary).toContain('| failed | chat.test.ts &gt; answers |')
  expect(summary).toContain('| database | app-side | unavailable | healthy |')
})

test('what blocks is an error at its file', () => {
  expect(renderGithub(sampleReport).annotations).toBe(
    '::error file=chat.test.ts,title=application%3A app (wrong-answer)::as seen%0Afailed: answers',
  )
})

test('what holds is a warning, and what a rerun cleared a notice', () => {
  const infrastructure = sampleReport.tests[2]!
  const held = { ...incident!, verdict: infrastructure.verdict!, tests: [infrastructure.id] }
  const report = { ...sampleReport, incidents: [held] }
  expect(renderGithub(report).annotations).toMatch(/^::warning /)
  const tests = [{ ...infrastructure, outcome: 'passed', cleared: true } as const]
  expect(renderGithub({ ...report, tests }).annotations).toMatch(/^::notice /)
})

test('a hostile name starts no command, no markup and no mention', () => {
  const name = '100%\r\n::set-output name=a::b, | <img> @team *x* [l](https://e.example) `c`'
  const id = `chat.test.ts > ${name}`
  const tests = [{ ...sampleReport.tests[1]!, id, name, file: 'a:b,c.test.ts' }]
  const { summary, annotations } = renderGithub({
    ...sampleReport,
    tests,
    incidents: [{ ...incident!, tests: [id] }],
  })
  expect(annotations.split(/[\r\n]/)).toHaveLength(1)
  expect(annotations).toContain('file=a%3Ab%2Cc.test.ts,')
  expect(annotations).toContain('100%25%0D%0A::set-output')
  expect(summary).toContain('\\| &lt;img&gt; @\u2060team \\*x\\* \\[l\\]\\(https://e.example\\) \\`c\\`')
})

test('no more annotations are given than GitHub shows', () => {
  const tests = Array.from({ length: 30 }, (_, index) => ({
    ...sampleReport.tests[1]!,
    id: `${index}`,
    file: `${index}.test.ts`,
  }))
  const report = { ...sampleReport, tests, incidents: [{ ...incident!, tests: tests.map(({ id }) => id) }] }
  expect(renderGithub(report).annotations.split('\n')).toHaveLength(10)
})
