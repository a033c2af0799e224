import { afterAll, beforeAll, expect, test } from 'vitest'
import { chaosRecords } from '../../framework/report/chaos-run.test-data.ts'
import { axeFindings, chaosPageOf, open, openStage, type Stage, unfold } from './page.ts'

const usual = chaosPageOf(chaosRecords())

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(async () => {
  await stage[Symbol.asyncDispose]()
})

test('the page of a chaos run asks for nothing but itself, and its own policy refuses nothing in it', async () => {
  await using opened = await open(stage, usual)
  await opened.tab.locator('.chart canvas').first().waitFor()
  expect(opened.requests).toEqual([opened.tab.url()])
  expect(opened.complaints).toEqual([])
})

test('the first screen says what was promised and broken', async () => {
  await using opened = await open(stage, usual)
  const text = await opened.tab.locator('body').innerText()
  expect(text).toContain('1 promise of 2 was broken.')
  expect(text).toContain('nothing acknowledged is lost: 1 lost of 30, promised 0 lost')
})

test('rate and latency are drawn, with the fault’s window', async () => {
  await using opened = await open(stage, usual)
  await opened.tab.locator('.chart canvas').nth(1).waitFor()
  expect(await opened.tab.locator('.chart h4').allInnerTexts()).toEqual([
    'Operations a second, by how they ended',
    'Latency in ms',
  ])
  const [inside, before] = [await backgroundAt(0.55), await backgroundAt(0.15)]
  expect(inside).not.toBe(before)

  /** The colour at the top of the first chart, at a share of its width. */
  async function backgroundAt(share: number): Promise<string> {
    return (await opened.tab.evaluate(`(() => {
      const canvas = document.querySelector('.chart canvas')
      const over = document.querySelector('.chart .u-over')
      const x = Math.round(over.offsetLeft + over.clientWidth * ${share})
      return canvas.getContext('2d').getImageData(x, over.offsetTop + 3, 1, 1).data.join(' ')
    })()`)) as string
  }
})

test('the values under the pointer stand beside their lines’ names', async () => {
  await using opened = await open(stage, usual)
  const chart = opened.tab.locator('.chart').first()
  const over = chart.locator('.u-over')
  const box = (await over.boundingBox())!
  await over.hover({ position: { x: box.width * 0.6, y: 40 } })
  await expect.poll(() => chart.locator('.keys').innerText()).toContain('failed 10/s')
})

test.each([
  [400, false],
  [1500, true],
])('axe finds nothing at %i px, dark: %s', async (width, dark) => {
  await using opened = await open(stage, usual, { width, dark })
  await unfold(opened.tab)
  expect(await axeFindings(opened.tab)).toEqual([])
})

test.each([360, 900, 1800])('nothing runs over the side at %i px', async (width) => {
  await using opened = await open(stage, usual, { width })
  expect(await opened.tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
})

test('hostile names and counter-examples are shown as text, and do nothing', async () => {
  const evil = '</script><img src=x onerror="globalThis.pwned = 1">\u202e'
  await using opened = await open(stage, chaosPageOf(chaosRecords({ name: evil, counterExample: evil })))
  await opened.tab.locator('.chart canvas').first().waitFor()
  expect(await opened.tab.evaluate('globalThis.pwned')).toBeUndefined()
  expect(opened.complaints).toEqual([])
  expect(await opened.tab.locator('img').count()).toBe(0)
  expect(await opened.tab.locator('body').innerText()).toContain('<img src=x onerror=')
})
