import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ApiCase, apiCases, type Step } from './proxy-api-cases.ts'
import { openTarget, type Target } from './proxy-target.ts'

let target: Target
const differences: string[] = []

beforeAll(async () => {
  target = await openTarget()
})
afterEach(() => target.clear())
afterAll(async () => {
  await target[Symbol.asyncDispose]()
  if (differences.length > 0) console.log(`Where Toxiproxy differs, by decision:\n${differences.join('\n')}`)
})

test.each(apiCases)('$group: $title', async (apiCase: ApiCase) => {
  for (const step of apiCase.steps) {
    const reply = await target.call(step.method, step.path, step.send, step.headers)
    const wanted: Step = target.isToxiproxy ? { ...step, ...step.toxiproxy } : step
    const what = `${step.method} ${step.path} ${reply.text}`
    expect(reply.status, what).toBe(wanted.status)
    if (wanted.body !== undefined) expect(reply.body, what).toEqual(wanted.body)
    if (wanted.text !== undefined) expect(reply.text, what).toEqual(wanted.text)
    for (const [name, value] of Object.entries(wanted.answerHeaders ?? {}))
      expect(reply.headers[name], `${what}, header ${name}`).toEqual(value)
  }
  if (target.isToxiproxy && apiCase.decision)
    differences.push(`- ${apiCase.group} ${apiCase.title}: ${apiCase.decision}`)
})
