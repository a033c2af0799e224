import { copyFile, stat, truncate } from 'node:fs/promises'

/**
 * Keeps a log that its process appends to below `maxBytes`, by moving what there is to `<file>.1`.
 * A log that can't be read or moved is left alone: it must never harm the run.
 */
export async function limitLog(file: string, maxBytes: number): Promise<void> {
  try {
    const { size } = await stat(file)
    if (size <= maxBytes) return
    await copyFile(file, `${file}.1`)
    await truncate(file, 0)
  } catch {
    // The next look may succeed.
  }
}
