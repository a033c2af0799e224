import { expect, test } from 'vitest'
import { lookAt } from './look.test-data.ts'
import { gapsOf, timelineOf } from './timeline.ts'

const window = { from: 1000, to: 3000 }
const database = {
  target: 'database',
  vantage: 'app-side',
  link: 'app/database',
  window,
  intervalMs: 100,
} as const
const every = (ms: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, beat) => lookAt(from + beat * ms))

test('looks come in the order of their beginning, whatever the order of their arrival', () => {
  const timeline = timelineOf([lookAt(3), lookAt(1), lookAt(2)])
  expect(timeline.looks().map((look) => look.at)).toEqual([1, 2, 3])
})

test('looks are found by target, link, vantage and connection', () => {
  const wanted = lookAt(1, { connection: 'kept' })
  const others = [
    lookAt(1, { target: 'auth', connection: 'kept' }),
    lookAt(1, { link: 'auth/database', connection: 'kept' }),
    lookAt(1, { vantage: 'runner', connection: 'kept' }),
    lookAt(1),
  ]
  const { target, link, vantage, connection } = wanted
  expect(timelineOf([...others, wanted]).looks({ target, link: link!, vantage, connection })).toEqual([
    wanted,
  ])
})

test('a look that was under way in a window belongs to it', () => {
  const long = lookAt(900, { phases: { totalMs: 200 } })
  expect(timelineOf([long, lookAt(900), lookAt(3001)]).looks({ window })).toEqual([long])
})

test('looks once every interval leave no gap', () => {
  expect(gapsOf(every(100, 900, 3100), database)).toEqual([])
})

test('silence of exactly three intervals is no gap', () => {
  expect(gapsOf(every(300, 1000, 3000), database)).toEqual([])
})

test('longer silence is a gap', () => {
  const looks = [...every(100, 1000, 1500), ...every(100, 1900, 3000)]
  expect(gapsOf(looks, database)).toEqual([{ from: 1500, to: 1900 }])
})

test('silence at either end of the window is a gap', () => {
  expect(gapsOf(every(100, 1500, 2500), database)).toEqual([
    { from: 1000, to: 1500 },
    { from: 2500, to: 3000 },
  ])
})

test('without any look the whole window is a gap', () => {
  expect(gapsOf([], database)).toEqual([window])
})

test('looks at something else fill no gap', () => {
  const elsewhere = every(100, 1000, 3000).map((look) => ({ ...look, link: 'auth/database' as const }))
  expect(gapsOf(elsewhere, database)).toEqual([window])
})

test('while a long look is under way there is no gap', () => {
  const hung = lookAt(1500, { phases: { totalMs: 1000 } })
  expect(gapsOf([...every(100, 1000, 1400), hung, ...every(100, 2500, 3000)], database)).toEqual([])
})

test('the error of the clock widens a gap', () => {
  const looks = [...every(100, 1000, 1500), ...every(100, 1790, 3090)]
  expect(gapsOf(looks, database)).toEqual([])
  const uncertain = looks.map((look) => ({ ...look, clockErrorMs: 10 }))
  expect(gapsOf(uncertain, database)).toEqual([{ from: 1490, to: 1800 }])
})
