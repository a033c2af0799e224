import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { FaultlineError, messageOf } from '#core'

const names = ['faultline.config.ts', 'faultline.config.mts', 'faultline.config.js', 'faultline.config.mjs']

/** A configuration as its file exports it, unchecked. */
export interface LoadedConfig {
  /** The file's absolute path. */
  readonly file: string
  /** Its folder. */
  readonly folder: string
  readonly raw: unknown
}

/**
 * Finds and imports the configuration: `explicit`, or the nearest `faultline.config.*` from `from` upwards.
 * Throws FL1002 when there is none, FL1003 when it can't be imported.
 */
export async function loadConfig(from: string, explicit?: string): Promise<LoadedConfig> {
  const file = explicit ? path.resolve(from, explicit) : findConfig(from)
  if (!file || !existsSync(file))
    throw new FaultlineError(
      'FL1002',
      explicit ? `no such file: ${file}` : `no faultline.config.ts in ${from} or above`,
      {
        remedy: '`faultline init` writes one; or name yours with --config FILE',
      },
    )
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    return { file, folder: path.dirname(file), raw: module.default }
  } catch (error) {
    throw new FaultlineError('FL1003', `${file}: ${messageOf(error)}`, {
      remedy: 'the file must be an ES module that Node can run (types are stripped, not compiled)',
      cause: error,
    })
  }
}

function findConfig(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const found = names.map((name) => path.join(folder, name)).find((file) => existsSync(file))
    if (found) return found
    if (folder === path.dirname(folder)) return undefined
  }
}
