import { type EntryCommand, entryCommand } from '#core'
import { endsOf, type LinkName, namesZone } from '#topology'

/** How a program of Node is started so that it asks `server`, `host:port`, for the names of proxies; as it is, where there is none. */
export function askingFor(server: string | undefined, start: Startable): Startable {
  if (server === undefined) return start
  const {
    command: { file, args },
    environment,
  } = start
  const preload = entryCommand(import.meta.url, 'names-preload').args.at(-1)!
  return {
    command: { file, args: ['--import', preload, ...args] },
    environment: { ...environment, FAULTLINE_NAMES: `${namesZone}@${server}` },
  }
}

interface Startable {
  readonly command: EntryCommand
  readonly environment: Readonly<Record<string, string>>
}

/** Whether a service's own links have names. */
export function usesNames(service: string, namedLinks: ReadonlySet<LinkName> = new Set()): boolean {
  return [...namedLinks].some((link) => endsOf(link).from === service)
}
