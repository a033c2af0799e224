import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Browser, type BrowserOptions, findBrowser } from '#environment'
import { root } from './environment-stack.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser ünd spaces '))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Finds a browser on a machine that has none, unless told otherwise. */
function find(options: Partial<BrowserOptions> = {}): Promise<Browser> {
  const signal = AbortSignal.timeout(60_000)
  return findBrowser({
    searchPath: '',
    root,
    cacheDir: join(folder, 'cache'),
    dir: folder,
    signal,
    ...options,
  })
}

test('the packaged browser draws pages, letters included', async () => {
  const { executablePath, args, environment, source } = await find()
  expect(source).toBe('package')
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment }
  const browser = await chromium.launch({ executablePath, args: [...args], env })
  try {
    const [one, other] = [await browser.newContext(), await browser.newContext()]
    const [page, blank] = [await one.newPage(), await other.newPage()]
    await page.setContent('<p>Faultline</p>')
    await blank.setContent('<p style="visibility: hidden">Faultline</p>')
    expect((await page.screenshot()).equals(await blank.screenshot())).toBe(false)
  } finally {
    await browser.close()
  }
})

test('two that unpack at once share one copy', async () => {
  const [one, other] = await Promise.all([find(), find()])
  expect(one).toEqual(other)
  expect((await readdir(join(folder, 'cache'))).filter((name) => name.startsWith('chromium'))).toHaveLength(1)
})

test('a browser of the machine goes first, and a stub that does not start is passed over', async () => {
  await program('chromium', 'exit 1')
  await program('google-chrome', 'echo Google Chrome 147')
  expect(await find({ searchPath: folder })).toMatchObject({
    executablePath: join(folder, 'google-chrome'),
    source: 'machine',
  })
})

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}
