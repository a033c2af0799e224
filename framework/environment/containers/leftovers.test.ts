import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isAbandoned, ownMark } from './leftovers.ts'

const own = await ownMark({ pid: process.pid, startedAt: '' })
/** A process that ran here and is gone. */
const gone = { pid: Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' })), startedAt: '1' }
const written = (mark: object) => JSON.stringify({ ...own, ...mark })

test('what a living owner made is not abandoned', () => {
  expect(isAbandoned(written({ keeper: gone }), own.place)).toBe(false)
})

test('what is left of an owner and a keeper that are both gone is', () => {
  expect(isAbandoned(written({ owner: gone, keeper: gone }), 'here')).toBe(false)
  expect(isAbandoned(written({ place: 'here', owner: gone, keeper: gone }), 'here')).toBe(true)
})

test('nothing is, where pids mean nothing', () => {
  expect(isAbandoned(written({ place: '', owner: gone, keeper: gone }), '')).toBe(false)
})

test('what carries no mark of ours is somebody else’s', () => {
  expect(isAbandoned(undefined, 'here')).toBe(false)
  expect(isAbandoned('theirs', 'here')).toBe(false)
})
