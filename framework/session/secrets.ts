import type { Redactor, Secret } from '#core'
import type { EnvironmentDefinition, RunningEnvironment } from '#environment'
import type { Settings, Variables } from '#settings'

/**
 * Tells a redactor all that is secret in what a user handed in: passwords of URLs, tokens, the headers that carry them, and
 * variables that are named so, of this process and of services.
 */
export function learnSecrets(
  redactor: Redactor,
  { settings, variables }: { readonly settings: Settings; readonly variables: Variables },
): void {
  redactor.addVariables(variables.all)
  for (const { address, headers } of settings.probes) {
    redactor.addUrl(address)
    redactor.addHeaders(headers ?? {})
  }
  if (settings.baseline) redactor.addUrl(settings.baseline.url)
  const { definition } = settings.environment
  if (definition.kind === 'remote') learnRemote(redactor, definition)
  else
    for (const service of Object.values(definition.services))
      if (service.kind === 'node') redactor.addVariables(service.env)
      else if (service.kind === 'given' || service.kind === 'compose') redactor.addUrl(plain(service.url))
}

/** What only became known when the environment came up. */
export function learnConnections(redactor: Redactor, { connections, agent }: RunningEnvironment): void {
  for (const { url } of [...Object.values(connections.direct), ...Object.values(connections.links)])
    redactor.addUrl(url.reveal())
  if (agent) redactor.add(agent.token.reveal())
}

function learnRemote(
  redactor: Redactor,
  { services, agent, control, events }: Extract<EnvironmentDefinition, { kind: 'remote' }>,
): void {
  for (const { url } of Object.values(services)) if (url !== undefined) redactor.addUrl(plain(url))
  if (control !== undefined) redactor.addUrl(control)
  if (agent) {
    redactor.addUrl(agent.url)
    redactor.add(agent.token.reveal())
  }
  if (!events || !('url' in events)) return
  redactor.addUrl(events.url)
  for (const [name, value] of Object.entries(events.headers ?? {}))
    if (typeof value === 'string') redactor.addHeaders({ [name]: value })
    else redactor.addCredential(value.reveal())
}

function plain(value: string | Secret): string {
  return typeof value === 'string' ? value : value.reveal()
}
