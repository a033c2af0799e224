import { expect, test } from 'vitest'
import { type AgreementLimits, disagreements, type Look } from './agreement.ts'

const limits: AgreementLimits = { atLeast: 10, mostTimes: 3, floorMs: 50 }
const look = (instance: string, ms: number, more: Partial<Look> = {}): Look => ({
  ...{ instance, ms, build: 'b1', status: 200 },
  ...more,
})
const five = (instance: string, ms: number): Look[] => Array.from({ length: 5 }, () => look(instance, ms))

const rows: { title: string; looks: Look[]; found: string[] }[] = [
  { title: 'instances that answer alike agree', looks: [...five('a', 60), ...five('b', 80)], found: [] },
  {
    title: 'an instance that is slow by itself is named, also where the mean would hide it',
    looks: [...five('a', 60), ...five('b', 60), ...five('c', 60), ...five('d', 200)],
    found: ['d takes 200 ms where a takes 60 ms'],
  },
  {
    title: 'one slow answer is no slow instance',
    looks: [...five('a', 60), ...five('b', 60).with(0, look('b', 4_000))],
    found: [],
  },
  { title: 'what is quick differs by chance', looks: [...five('a', 1), ...five('b', 40)], found: [] },
  {
    title: 'one bad answer is one too many',
    looks: [...five('a', 60), ...five('b', 60).with(2, look('b', 60, { status: 502 }))],
    found: ['b answered 502'],
  },
  {
    title: 'two builds at once are named',
    looks: [...five('a', 60), ...five('b', 60).map((each) => ({ ...each, build: 'b2' }))],
    found: ['more than one build answers: b1, b2'],
  },
  { title: 'too few answers say nothing', looks: five('a', 60), found: ['5 answers of at least 10'] },
]

test.for(rows)('$title', ({ looks, found }) => {
  expect(disagreements(looks, limits)).toEqual(found)
})
