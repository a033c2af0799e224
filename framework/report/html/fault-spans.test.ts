import { expect, test } from 'vitest'
import { faultSpansOf } from './fault-spans.ts'

const fault = { fault: 'link-down', target: 'app/database', window: '0s-6s' }
const record = (at: number, kind: string, data: object = fault) => ({ at, source: 'fault', kind, data })

test('a fault was on from its record until it was taken off, and says whether it bit', () => {
  const records = [
    record(10, 'fault-on'),
    record(70, 'fault-off'),
    record(90, 'fault-bit', { ...fault, bit: true }),
  ]
  expect(faultSpansOf(records)).toEqual([{ ...fault, from: 10, to: 70, bit: true }])
})

test('a fault that was never taken off has no end, and nobody knows whether it bit', () => {
  expect(faultSpansOf([record(10, 'fault-on')])).toEqual([{ ...fault, from: 10, to: null, bit: null }])
})
