import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cached, openCache } from './cache.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a thing is made once', async () => {
  let made = 0
  const make = async (draft: string) => writeFile(join(draft, 'thing'), String(++made))
  const first = await cached(folder, 'things', make)
  expect(await cached(folder, 'things', make)).toBe(first)
  expect(await readFile(join(first, 'thing'), 'utf8')).toBe('1')
})

test('two makers at once agree on one thing and leave no draft', async () => {
  const make = (text: string) => (draft: string) => writeFile(join(draft, 'thing'), text)
  const paths = await Promise.all([cached(folder, 'things', make('a')), cached(folder, 'things', make('b'))])
  expect(new Set(paths).size).toBe(1)
  expect(await readdir(folder)).toEqual(['things'])
})

test('a making that fails leaves nothing, and the next one may succeed', async () => {
  const failing = async (draft: string) => {
    await writeFile(join(draft, 'half'), '')
    throw new Error('disk full')
  }
  await expect(cached(folder, 'things', failing)).rejects.toThrow('disk full')
  expect(await readdir(folder)).toEqual([])
  await cached(folder, 'things', async () => {})
  expect(await readdir(folder)).toEqual(['things'])
})

test('a cache that others may write to is not trusted', async () => {
  const open = join(folder, 'open')
  await mkdir(open)
  await chmod(open, 0o777)
  expect(await openCache(open, join(folder, 'fallback'))).toBe(join(folder, 'fallback'))
})

test('a cache that cannot be made gives way to the fallback', async () => {
  await writeFile(join(folder, 'file'), '')
  expect(await openCache(join(folder, 'file', 'cache'), folder)).toBe(folder)
})

test('drafts of makers that were killed are removed in time, fresh ones stay', async () => {
  const cache = await openCache(join(folder, 'cache'), folder)
  for (const name of ['.draft-old', '.draft-new']) await mkdir(join(cache, name))
  await utimes(join(cache, '.draft-old'), 1_000, 1_000)
  await openCache(cache, folder)
  expect(await readdir(cache)).toEqual(['.draft-new'])
})

test('a draft that is gone when it is looked at puts nobody off', async () => {
  const cache = await openCache(join(folder, 'cache'), folder)
  // Listed, and not there: as the draft of another run that ends in between.
  await symlink(join(folder, 'nowhere'), join(cache, '.draft-gone'))
  expect(await openCache(cache, folder)).toBe(cache)
})
