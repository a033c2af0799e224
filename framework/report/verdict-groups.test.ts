import { expect, test } from 'vitest'
import { sampleReport } from './sample.test-data.ts'
import { verdictGroups } from './verdict-groups.ts'

const [incident] = sampleReport.incidents
const [, answers, lists] = sampleReport.tests

test('incidents that say the same are one group, as sure as the surest, with each test once', () => {
  const verdict = { ...incident!.verdict, confidence: 0.99 }
  const again = { ...incident!, id: 'I2', verdict, tests: [answers!.id, lists!.id] }
  const groups = verdictGroups({ ...sampleReport, incidents: [incident!, again] })
  expect(groups).toEqual([{ verdict, incidents: [incident, again], tests: [answers, lists] }])
})

test('what blames the application comes before what blames the infrastructure', () => {
  const other = { ...incident!, id: 'I0', verdict: lists!.verdict! }
  const groups = verdictGroups({ ...sampleReport, incidents: [other, incident!] })
  expect(groups.map(({ verdict }) => verdict.class)).toEqual(['application', 'infrastructure'])
})
