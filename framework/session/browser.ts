import path from 'node:path'
import { findBrowser } from '#environment'
import type { RunFolder } from '#journal'
import type { WorkerSettings } from '#run'
import type { Settings, Variables } from '#settings'

/** The browser for tests that want one; where there is none, those tests say what they miss. */
export async function findBrowserOrNone(
  settings: Settings,
  variables: Variables,
  run: RunFolder,
  signal: AbortSignal,
): Promise<WorkerSettings['browser']> {
  try {
    const { executablePath, args, environment } = await findBrowser({
      searchPath: variables.all['PATH'] ?? '',
      root: settings.root,
      dir: path.join(run.folder, 'browser'),
      signal,
    })
    return { executablePath, args, env: { ...variables.all, ...environment } }
  } catch {
    return undefined
  }
}
