import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const draftPrefix = '.draft-'
/** No making takes this long: whoever began an older draft was killed. */
const staleDraftMs = 10 * 60_000

/**
 * The folder for what is made once per user and machine. As root it is one that other users can read, since
 * PostgreSQL refuses to run as root.
 */
export function defaultCacheDir(): string {
  return process.getuid?.() === 0 ? '/var/cache/faultline' : join(homedir(), '.cache', 'faultline')
}

/**
 * `folder` as a cache, created where missing, when it can be written and is this user's own; else `fallback`,
 * which is made anew for every run.
 */
export async function openCache(folder: string, fallback: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const { uid, mode } = await stat(folder)
    const isOurs = uid === process.getuid?.() && (mode & 0o022) === 0
    if (!isOurs) return fallback
    await removeDrafts(folder)
    await rm(await mkdtemp(join(folder, draftPrefix)), { recursive: true })
    return folder
  } catch {
    // Read-only, or no home at all.
    return fallback
  }
}

/**
 * The folder `name` in the cache, filled by `make` when it isn't there yet. It appears whole or not at all: two
 * runs that make it at once do the work twice and agree on the first.
 */
export async function cached(
  cache: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const final = join(cache, name)
  if (await exists(final)) return final
  const draft = await mkdtemp(join(cache, draftPrefix))
  try {
    await make(draft)
    await rename(draft, final)
  } catch (error) {
    if (!(await exists(final))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return final
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

async function removeDrafts(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(draftPrefix)) continue
    const draft = join(cache, name)
    // Another run may have finished with it since it was listed.
    const found = await stat(draft).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > staleDraftMs) await rm(draft, { recursive: true, force: true })
  }
}
