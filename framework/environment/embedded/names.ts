import { type EntryCommand, entryCommand } from '#core'
import { type LinkName, namesZone } from '#topology'

/** The host by which a proxy is reached where it has a name. */
export function hostNamed(proxy: string): string {
  return `${proxy}.${namesZone}`
}

/** How a program of Node is started so that it asks `server`, `host:port`, for the names of proxies. */
export function askingFor(server: string, { command: { file, args }, environment }: Startable): Startable {
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
export function usesNames(service: string, named: ReadonlySet<LinkName>): boolean {
  return [...named].some((link) => link.startsWith(`${service}/`))
}
