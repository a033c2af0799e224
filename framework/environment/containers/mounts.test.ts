import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mountsOf } from './mounts.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mounts-test-')))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Makes folders, each with a package.json, and gives their paths. */
async function packages(...names: string[]): Promise<string[]> {
  const paths = names.map((name) => join(folder, name))
  for (const path of paths) {
    await mkdir(path, { recursive: true })
    await writeFile(join(path, 'package.json'), '{}')
  }
  return paths
}

test('a checkout with everything inside is one mount', async () => {
  const [root, library] = await packages('app', 'app/node_modules/faultline')
  expect(mountsOf(root!, [join(library!, 'dist/main.js')])).toEqual([root])
})

test('modules above the checkout are mounted too, as in a workspace', async () => {
  const [root, library] = await packages('work/app', 'work/node_modules/faultline')
  expect(mountsOf(root!, [join(library!, 'dist/main.js')])).toEqual([root, join(folder, 'work/node_modules')])
})

test('a library that is linked from elsewhere is mounted with its package', async () => {
  const [root, library] = await packages('app', 'faultline')
  expect(mountsOf(root!, [join(library!, 'framework/main.ts')])).toEqual([root, library])
})
