/**
 * Builds the stand-in images `faultline.local/…` for a machine without a registry: `node scripts/images/build.ts`.
 * Needs a Docker engine and Go, and root for the first time (debootstrap). What is there and up to date is kept.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, contentOf } from './docker.ts'
import { baseContent, baseImage, makeBase, standIns } from './images.ts'

const scratch = await mkdtemp(join(tmpdir(), 'faultline-images-'))
try {
  await ensure(baseImage, baseContent, () => makeBase(scratch))
  for (const { image, dockerfile, content, fill } of await standIns())
    await ensure(image, content, async () => {
      const folder = join(scratch, content)
      await mkdir(folder)
      await fill(folder)
      await writeFile(join(folder, 'Dockerfile'), dockerfile)
      await build(image, folder, content)
    })
} finally {
  await rm(scratch, { recursive: true, force: true })
}

async function ensure(image: string, content: string, make: () => Promise<void>): Promise<void> {
  if ((await contentOf(image)) === content) return console.log(`${image} is up to date`)
  const begin = performance.now()
  await make()
  console.log(`${image} built in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
}
