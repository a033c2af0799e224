import type { Producer } from '../../exchange.ts'
import type { FaultFamily } from '../../signal.ts'
import type { SignalRule } from '../rule.ts'

/** Statuses that share one entry of the vocabulary. */
const grouped: Readonly<Record<number, string>> = {
  400: 'HTTP.400_422',
  422: 'HTTP.400_422',
  409: 'HTTP.409_412',
  412: 'HTTP.409_412',
  413: 'HTTP.413_414_431',
  414: 'HTTP.413_414_431',
  431: 'HTTP.413_414_431',
  501: 'HTTP.501_505',
  505: 'HTTP.501_505',
}

/** Statuses that mean one thing from the application and another from what stands before it. */
const byProducer = new Set([404, 429, 503])

/** The stable code of an HTTP status; `producer` splits the ones that mean different things from different hops. */
export function httpStableCode(status: number, producer: Producer = 'unknown'): string {
  if (status >= 520 && status <= 526) return 'HTTP.520_526'
  if (byProducer.has(status) && producer !== 'unknown')
    return `HTTP.${status}_${producer === 'application' ? 'APP' : 'EDGE'}`
  return grouped[status] ?? `HTTP.${status}`
}

/** The fault family of an HTTP status that a test took for a failure. */
export function httpFamily(status: number): FaultFamily {
  if (status >= 400) return 'answered-error'
  return 'wrong-value'
}

/** What is said about HTTP in words; statuses in text are read by the status reader. */
export const httpRules: readonly SignalRule[] = [
  {
    stableCode: 'HTTP.UPSTREAM_UNREACHABLE',
    kind: 'message',
    family: 'peer-gone',
    means: 'Envoy could not reach what stands behind it.',
    texts: [
      /\bupstream connect error\b(?: or disconnect\/reset before headers)?(?:\. reset reason: [a-z ]{1,60})?/,
      /\bno healthy upstream\b/,
    ],
  },
  {
    stableCode: 'HTTP.3XX_LOOP',
    kind: 'message',
    family: 'answered-error',
    means: 'Redirected in a circle: a defect, or a proxy that loses scheme or host.',
    texts: [/\bredirect count exceeded\b/, /\btoo many redirects\b/i, /\bmaximum redirect reached\b/i],
  },
  {
    stableCode: 'HTTP.HTML_FOR_JSON',
    kind: 'message',
    family: 'answered-error',
    means: 'A page came where JSON was due: somebody else answered, or an error page did.',
    texts: [/\bUnexpected token '?<'?[^\n]{0,120}JSON\b/],
  },
  {
    stableCode: 'HTTP.BAD_JSON',
    kind: 'message',
    family: 'cut-short',
    means: 'JSON that ends too early: cut, or an empty answer.',
    texts: [/\bUnexpected end of JSON input\b/, /\bUnterminated string in JSON\b/],
  },
  {
    stableCode: 'HTTP.CREDENTIALS',
    kind: 'message',
    family: 'answered-error',
    means: 'The server does not accept the credentials.',
    texts: [/\bbad credentials\b/i, /\binvalid (?:or expired )?(?:access )?token\b/i, /\bjwt expired\b/i],
  },
  {
    stableCode: 'HTTP.HEADERS_SENT',
    kind: 'runtime',
    family: 'answered-error',
    means: 'The server tried to answer one request twice: a defect of the server.',
    codes: ['ERR_HTTP_HEADERS_SENT'],
    texts: [/(?<!ERR_HTTP_HEADERS_SENT\]: )\bCannot set headers after they are sent\b/],
  },
]
