import { expect, test } from 'vitest'
import { withSignalsKept } from './signals-kept.ts'

test('what is started gets no say about Ctrl-C and SIGTERM, early or late', async () => {
  const before = [process.listeners('SIGINT'), process.listeners('SIGTERM')]
  await withSignalsKept(async () => {
    process.once('SIGINT', () => {})
    await Promise.resolve()
    expect(process.listeners('SIGINT')).toEqual(before[0])
    process.on('SIGTERM', () => {})
  })
  await Promise.resolve()
  expect([process.listeners('SIGINT'), process.listeners('SIGTERM')]).toEqual(before)
})

test('other events are listened to as ever', async () => {
  const listener = () => {}
  await withSignalsKept(async () => process.on('warning', listener))
  expect(process.listeners('warning')).toContain(listener)
  process.off('warning', listener)
})
