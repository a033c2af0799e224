import type { FaultFamily, SignalKind } from '../signal.ts'
import { browserRules } from './families/browser.ts'
import { cloudRules } from './families/cloud.ts'
import { dnsRules } from './families/dns.ts'
import { dockerRules } from './families/docker.ts'
import { fetchRules } from './families/fetch.ts'
import { hostRules } from './families/host.ts'
import { httpFamily, httpRules, httpStableCode } from './families/http.ts'
import { netRules } from './families/net.ts'
import { postgresRules, sqlstateClasses } from './families/postgres.ts'
import { runnerRules } from './families/runner.ts'
import { tlsRules } from './families/tls.ts'
import { closeFamily, closeStableCode, websocketRules } from './families/websocket.ts'
import type { SignalRule } from './rule.ts'

/** The whole vocabulary, by the family of software that says it. */
export const vocabulary: Readonly<Record<string, readonly SignalRule[]>> = {
  Sockets: netRules,
  Names: dnsRules,
  TLS: tlsRules,
  'fetch and undici': fetchRules,
  HTTP: httpRules,
  PostgreSQL: postgresRules,
  WebSocket: websocketRules,
  Browsers: browserRules,
  'Test runners': runnerRules,
  'Docker and Testcontainers': dockerRules,
  'Google Cloud': cloudRules,
  Machine: hostRules,
}

/** Every rule, in the order of {@link vocabulary}. */
export const rules: readonly SignalRule[] = Object.values(vocabulary).flat()

/** What a raw code means: the part of a signal that doesn't depend on where it was found. */
export interface Meaning {
  readonly stableCode: string
  readonly kind: SignalKind
  readonly family: FaultFamily
  readonly standing?: SignalRule['standing']
}

const index = (wanted: (rule: SignalRule) => boolean) =>
  new Map<string, SignalRule>(
    rules.filter(wanted).flatMap((rule) => (rule.codes ?? []).map((code) => [code, rule] as const)),
  )

const byBrowserCode = index((rule) => rule.kind === 'net-err')
const byState = index((rule) => rule.kind === 'sqlstate')
const byCode = index((rule) => rule.kind !== 'net-err' && rule.kind !== 'sqlstate')

const otherBrowserCode: Meaning = { stableCode: 'BR.OTHER', kind: 'net-err', family: 'unknown' }

/** Families of codes whose members are told by their prefix, for the ones that no rule lists. */
const prefixes: readonly (readonly [RegExp, Meaning])[] = [
  [/^UND_ERR_[A-Z0-9_]+$/, { stableCode: 'FETCH.OTHER', kind: 'errno', family: 'unknown' }],
  [/^HPE_[A-Z0-9_]+$/, { stableCode: 'FETCH.PARSER', kind: 'errno', family: 'answered-error' }],
  [/^WS_ERR_[A-Z0-9_]+$/, { stableCode: 'WS.OTHER', kind: 'message', family: 'unknown' }],
  [/^ERR_SSL_[A-Z0-9_]+$/, { stableCode: 'TLS.OTHER', kind: 'tls', family: 'trust' }],
  [/^ERR_[A-Z0-9_]+$/, { stableCode: 'RUN.NODE_ERROR', kind: 'runtime', family: 'unknown' }],
]

/** The meaning of a code that stands in an error's field; also of codes that only their prefix tells. */
export function meaningOfField(code: string): Meaning | undefined {
  return meaningOfWord(code) ?? prefixes.find(([prefix]) => prefix.test(code))?.[1]
}

/** The meaning of a word in text, when it is a code that the vocabulary lists. `net::` marks a browser's code. */
export function meaningOfWord(word: string): Meaning | undefined {
  if (word.startsWith('net::')) return byBrowserCode.get(word.slice(5)) ?? otherBrowserCode
  if (/^NS_ERROR_[A-Z_]+$/.test(word) && !byBrowserCode.has(word)) return otherBrowserCode
  return byCode.get(word) ?? byBrowserCode.get(word)
}

/** The meaning of a SQLSTATE, by itself or else by its class; undefined for what isn't an error state. */
export function meaningOfState(state: string): Meaning | undefined {
  const listed = byState.get(state)
  if (listed) return listed
  const known = /^[0-9A-Z]{5}$/.test(state) ? sqlstateClasses[state.slice(0, 2)] : undefined
  return known && { ...known, kind: 'sqlstate' }
}

/** Whether the vocabulary lists this SQLSTATE itself, not only its class. */
export function isListedState(state: string): boolean {
  return byState.has(state)
}

/** The meaning of an HTTP status that a test met as a failure. */
export function meaningOfStatus(status: number): Meaning {
  return { stableCode: httpStableCode(status), kind: 'http-status', family: httpFamily(status) }
}

/** The meaning of a WebSocket close code. */
export function meaningOfClose(code: number): Meaning {
  return { stableCode: closeStableCode(code), kind: 'ws-close', family: closeFamily(code) }
}
