import { open, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { maskLikelySecrets } from '#core'
import type { RunFolder } from '#journal'
import type { Attempt } from '#run'

/** What a run kept beside its journal, for people who read a report. No verdict is made from it. */
export interface RunFiles {
  /** By service: the text of its log. */
  readonly logs: Readonly<Record<string, string>>
  /** By the name that the attempt's record gives it: a JPEG. */
  readonly screenshots: ReadonlyMap<string, Buffer>
}

/** Logs are read from their end: more than this is an incident of its own. */
const maxLogBytes = 4_000_000
const maxScreenshots = 8
const maxScreenshotBytes = 250_000

/** Reads what a run kept: what is missing, or larger than it should be, is left out. What looks like a secret in a log is masked. */
export async function readRunFiles(run: RunFolder, attempts: readonly Attempt[]): Promise<RunFiles> {
  const pictured = attempts.flatMap(({ screenshot }) => screenshot ?? []).slice(0, maxScreenshots)
  const pictures = await Promise.all(
    pictured.map(async (name) => [name, await pictureAt(run, name)] as const),
  )
  return {
    logs: await readLogs(path.join(run.folder, 'logs')),
    screenshots: new Map(pictures.flatMap(([name, picture]) => (picture ? [[name, picture]] : []))),
  }
}

/** A file of the run's own and no other: the name comes from a journal. */
async function pictureAt({ folder }: RunFolder, name: string): Promise<Buffer | undefined> {
  if (!/^artifacts\/[0-9a-f]{16}\.jpg$/.test(name)) return undefined
  const file = path.join(folder, name)
  const known = await stat(file).catch(() => undefined)
  return known && known.size <= maxScreenshotBytes ? readFile(file) : undefined
}

async function readLogs(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder).catch(() => [])
  const logs = files.toSorted().filter((file) => file.endsWith('.log'))
  const read = logs.map(
    async (file) =>
      [path.basename(file, '.log'), maskLikelySecrets(await endOf(path.join(folder, file)))] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}

async function endOf(file: string): Promise<string> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const length = Math.min(size, maxLogBytes)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
  return buffer.toString('utf8', 0, bytesRead)
}
