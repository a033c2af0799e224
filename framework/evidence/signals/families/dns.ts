import type { SignalRule } from '../rule.ts'

/** Names: what resolvers say. */
export const dnsRules: readonly SignalRule[] = [
  {
    stableCode: 'DNS.TEMP_FAIL',
    kind: 'errno',
    family: 'name-gone',
    means: 'The resolver did not answer for now.',
    codes: ['EAI_AGAIN'],
    texts: [/\btemporary failure in name resolution\b/i],
  },
  {
    stableCode: 'DNS.NOT_FOUND',
    kind: 'errno',
    family: 'name-gone',
    means: 'No such name: a typo, a wrong setting, or a service that is not registered (any more).',
    codes: ['ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA', 'NXDOMAIN'],
    texts: [
      /\bname or service not known\b/i,
      /\blookup (?<host>[\w.-]{1,253})[^\n]{0,80}: no such host\b/,
      /\bUnknownHostException: (?<host>[\w.-]{1,253})/,
      /\bcould not translate host name "(?<host>[^"\n]{1,253})"/,
    ],
  },
  {
    stableCode: 'DNS.FAIL',
    kind: 'errno',
    family: 'name-gone',
    means: 'The name server failed or refused to answer.',
    codes: ['EAI_FAIL', 'ESERVFAIL', 'EREFUSED', 'SERVFAIL'],
  },
  {
    stableCode: 'DNS.TIMEOUT',
    kind: 'errno',
    family: 'name-gone',
    means: 'The name server was silent.',
    codes: ['ETIMEOUT', 'EDNSTIMEOUT'],
  },
]
