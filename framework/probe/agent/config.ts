import { FaultlineError } from '#core'
import type { ProbeTarget } from '../target.ts'

/** What an agent needs to know. It holds addresses and secrets, and they stay on its side. */
export interface AgentConfig {
  /** The address to listen on. */
  readonly host: string
  /** The port to listen on; 0 takes a free one. */
  readonly port: number
  /** Clients must show it. At least 16 characters. */
  readonly token: string
  readonly targets: readonly ProbeTarget[]
}

const schemes: Readonly<Record<string, readonly string[]>> = {
  http: ['http:', 'https:'],
  postgres: ['postgres:', 'postgresql:'],
  tcp: ['tcp:'],
  tls: ['tls:'],
  dns: ['dns:'],
  websocket: ['ws:', 'wss:'],
}
const vantages: readonly unknown[] = ['runner', 'app-side', 'service-side']
const minTokenLength = 16

/**
 * Checks a raw configuration.
 * @throws FaultlineError FL1001, naming every problem at once and no value of an address or token.
 */
export function checkAgentConfig(raw: unknown): AgentConfig {
  const problems = problemsOf(raw)
  if (problems.length > 0)
    throw new FaultlineError('FL1001', `the agent's configuration is not valid: ${problems.join('; ')}`)
  return raw as AgentConfig
}

function problemsOf(raw: unknown): string[] {
  if (!isObject(raw)) return ['it is not an object']
  const { host, port, token, targets } = raw
  const problems: string[] = []
  if (typeof host !== 'string') problems.push('`host` is not text')
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535)
    problems.push('`port` is not a port number')
  if (typeof token !== 'string' || token.length < minTokenLength)
    problems.push(`\`token\` is not text of at least ${minTokenLength} characters`)
  if (!Array.isArray(targets)) return [...problems, '`targets` is not a list']
  return [...problems, ...targets.flatMap(targetProblems), ...repeated(targets)]
}

/** A name says which target is meant, so that it must be one. */
function repeated(targets: readonly unknown[]): string[] {
  const keys = targets
    .filter(isObject)
    .filter(({ target, link }) => typeof target === 'string' && ['string', 'undefined'].includes(typeof link))
    .map(({ target, link }) => `${target}${link === undefined ? '' : ` over ${link}`}`)
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  return [...new Set(twice)].map((key) => `\`${key}\` is declared more than once`)
}

function targetProblems(raw: unknown, index: number): string[] {
  const at = `targets[${index}]`
  if (!isObject(raw)) return [`\`${at}\` is not an object`]
  const { target, link, protocol, address, vantage } = raw
  const problems: string[] = []
  if (typeof target !== 'string' || target === '') problems.push(`\`${at}.target\` is not a service name`)
  if (link !== undefined && (typeof link !== 'string' || !link.includes('/')))
    problems.push(`\`${at}.link\` is not a link name`)
  if (!vantages.includes(vantage)) problems.push(`\`${at}.vantage\` is none of ${vantages.join(', ')}`)
  for (const name of ['timeoutMs', 'slowMs'])
    if (!isPositive(raw[name])) problems.push(`\`${at}.${name}\` is not a number of milliseconds`)
  const allowed =
    typeof protocol === 'string' && Object.hasOwn(schemes, protocol) ? schemes[protocol] : undefined
  if (allowed === undefined) problems.push(`\`${at}.protocol\` is none of ${Object.keys(schemes).join(', ')}`)
  else if (
    typeof address !== 'string' ||
    !URL.canParse(address) ||
    !allowed.includes(new URL(address).protocol)
  )
    problems.push(
      `\`${at}.address\` is not a URL that begins with ${allowed.map((s) => `${s}//`).join(' or ')}`,
    )
  return problems
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
