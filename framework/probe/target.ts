import { Redactor } from '#core'
import type { IdentityHeaders, LinkName } from '#topology'
import type { Vantage } from './observation.ts'

/** The protocol that a look speaks; only an answer in it says that the service is well. */
export type ProbeProtocol = 'http' | 'postgres' | 'tcp' | 'tls' | 'dns' | 'websocket' | 'custom'

/** What a look is of, whoever takes it. */
export interface TargetName {
  /** A service name, or `control`. */
  readonly target: string
  /** The link that the look goes over; absent for a look past every link. */
  readonly link?: LinkName
}

/** What every kind of look has in common. */
export interface LookLimits extends TargetName {
  readonly vantage: Vantage
  /** After this long without an answer a look ends as `no-answer`. */
  readonly timeoutMs: number
  /** A good answer that took longer is `slow`. */
  readonly slowMs: number
}

/**
 * How to look at one target. Plain data: an agent reads it from its configuration.
 * `address` and `headers` may hold secrets: print {@link shownAddress} instead.
 */
export interface ProbeTarget extends LookLimits {
  readonly protocol: ProbeProtocol
  /** `http(s)://`, `postgres(ql)://`, `tcp://`, `tls://`, `dns://name`, `ws(s)://`; for `custom` the URL of a module. */
  readonly address: string
  /** What an `http` look asks for; by default the path of the address, or `/health/live` where that is empty. */
  readonly path?: string
  /** Sent with `http` and `websocket` looks. */
  readonly headers?: Readonly<Record<string, string>>
  readonly identityHeaders?: IdentityHeaders
  /** A certificate authority, as PEM, that is trusted for this target besides those of the machine. */
  readonly ca?: string
}

/** One key for each (service, link): a service behind two links is two targets. */
export function targetKey(name: TargetName): string {
  return name.link === undefined ? name.target : `${name.target} over ${name.link}`
}

/** The address without user, password, query or fragment: for people. */
export function shownAddress(target: Pick<ProbeTarget, 'address'>): string {
  const url = URL.parse(target.address)
  if (url === null || (url.host === '' && !url.pathname.startsWith('/'))) return '(not an address)'
  url.username = ''
  url.password = ''
  url.search = ''
  url.hash = ''
  return url.href
}

/** A redactor that knows everything secret in a target. */
export function redactorFor(target: ProbeTarget): Redactor {
  const redactor = new Redactor()
  for (const value of Object.values(target.headers ?? {})) redactor.add(value)
  redactor.addUrl(target.address)
  for (const value of URL.parse(target.address)?.searchParams.values() ?? []) redactor.add(value)
  return redactor
}
