import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { maskLikelySecrets, type Redactor } from '#core'

/**
 * Takes secrets out of the logs below a run's folder: what is known to be one, and what looks like it. Services and tests print
 * what they like, and their logs are kept with the run, for others to read. To be called when nobody writes to them any more.
 */
export async function maskLogs(folder: string, redactor: Redactor): Promise<void> {
  const names = await readdir(path.join(folder, 'logs'), { recursive: true }).catch(() => [])
  for (const name of names.filter((name) => /\.log(?:\.1)?$/.test(name)))
    await maskLog(path.join(folder, 'logs', name), redactor)
}

/** A log that can't be read or written is left alone: it must never harm the run. */
async function maskLog(file: string, redactor: Redactor): Promise<void> {
  try {
    const text = await readFile(file, 'utf8')
    const masked = maskLikelySecrets(redactor.text(text))
    if (masked !== text) await writeFile(file, masked)
  } catch {}
}
