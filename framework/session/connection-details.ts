import { Redactor } from '#core'
import type { RunningEnvironment } from '#environment'

/** What a remote configuration needs to use an environment that runs here. */
export interface ConnectionDetails {
  readonly entry: string
  readonly control: string | null
  readonly agent: { readonly url: string; readonly token: string } | null
  /** URLs past every link, by service, passwords included. */
  readonly direct: Readonly<Record<string, string>>
}

/** The connection details of an environment: for a file that only its owner reads, and as text without secrets. */
export function connectionDetails(environment: RunningEnvironment): {
  withSecrets: ConnectionDetails
  text: string
} {
  const { connections, agent, controlUrl } = environment
  const direct = Object.values(connections.direct).map(({ service, url }) => [service, url.reveal()] as const)
  const withSecrets = {
    entry: connections.entry,
    control: controlUrl ?? null,
    agent: agent ? { url: agent.url, token: agent.token.reveal() } : null,
    direct: Object.fromEntries(direct),
  }
  const rows = [
    ['entry', withSecrets.entry],
    ['control', withSecrets.control ?? 'none'],
    ['agent', withSecrets.agent ? `${withSecrets.agent.url} (token: with --json FILE)` : 'none'],
    ...direct.map(([service, url]) => [service, withoutSecrets(url)]),
  ]
  return { withSecrets, text: rows.map(([name, value]) => `${name!.padEnd(12)}${value}`).join('\n') }
}

function withoutSecrets(text: string): string {
  const redactor = new Redactor()
  redactor.addUrl(text)
  return redactor.text(text)
}
