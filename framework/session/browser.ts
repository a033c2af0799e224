import path from 'node:path'
import { messageOf } from '#core'
import { findBrowser } from '#environment'
import type { JournalSink, RunFolder } from '#journal'
import type { WorkerSettings } from '#run'
import type { Settings, Variables } from '#settings'

/** The browser for tests that want one; where there is none, the journal says why, and those tests what they miss. */
export async function findBrowserOrNone(
  settings: Settings,
  variables: Variables,
  { run, journal }: { run: RunFolder; journal: JournalSink },
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
  } catch (error) {
    journal.append({ source: 'session', kind: 'browser-missing', data: { reason: messageOf(error) } })
    return undefined
  }
}
