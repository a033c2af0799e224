import type { SignalRule } from '../rule.ts'

/** One of Chromium’s net errors, with the names that Firefox gives to the same fact. */
const net = (
  stableCode: string,
  family: SignalRule['family'],
  means: string,
  codes: readonly string[],
  standing?: SignalRule['standing'],
): SignalRule => ({ stableCode, kind: 'net-err', family, means, codes, ...(standing ? { standing } : {}) })

const network: readonly SignalRule[] = [
  net('BR.REFUSED', 'peer-gone', 'The host answers and nobody listens.', [
    'ERR_CONNECTION_REFUSED',
    'NS_ERROR_CONNECTION_REFUSED',
  ]),
  {
    stableCode: 'BR.REFUSED',
    kind: 'net-err',
    family: 'peer-gone',
    means: 'The same, in WebKit’s words.',
    texts: [/\bCould not connect(?: to (?:the )?server)?: Connection refused\b/],
  },
  net('BR.RESET', 'peer-gone', 'The peer dropped the connection.', [
    'ERR_CONNECTION_RESET',
    'NS_ERROR_NET_RESET',
  ]),
  net('BR.CLOSED', 'peer-gone', 'Closed without an answer: a crash in a handler, or a load balancer.', [
    'ERR_CONNECTION_CLOSED',
    'ERR_EMPTY_RESPONSE',
    'ERR_SOCKET_NOT_CONNECTED',
    'ERR_CONNECTION_FAILED',
    'NS_ERROR_NET_EMPTY_RESPONSE',
  ]),
  net('BR.TIMED_OUT', 'no-answer', 'No answer within the browser’s limit.', [
    'ERR_CONNECTION_TIMED_OUT',
    'ERR_TIMED_OUT',
    'NS_ERROR_NET_TIMEOUT',
  ]),
  net('BR.ABORTED_CONN', 'no-answer', 'What was sent was never acknowledged.', ['ERR_CONNECTION_ABORTED']),
  net('BR.NAME', 'name-gone', 'No such name, or a bad base URL.', [
    'ERR_NAME_NOT_RESOLVED',
    'ERR_NAME_RESOLUTION_FAILED',
    'ERR_DNS_TIMED_OUT',
    'ERR_DNS_SERVER_FAILED',
    'ERR_DNS_MALFORMED_RESPONSE',
    'NS_ERROR_UNKNOWN_HOST',
  ]),
  net('BR.OFFLINE', 'no-answer', 'The machine has no network, or the test switched it off.', [
    'ERR_INTERNET_DISCONNECTED',
    'NS_ERROR_OFFLINE',
  ]),
  net('BR.NETWORK_CHANGED', 'cut-short', 'A network interface came or went in the middle of it.', [
    'ERR_NETWORK_CHANGED',
    'ERR_NETWORK_IO_SUSPENDED',
  ]),
  net('BR.UNREACHABLE', 'no-answer', 'No route to the address.', [
    'ERR_ADDRESS_UNREACHABLE',
    'ERR_NETWORK_ACCESS_DENIED',
  ]),
  net('BR.PROXY', 'peer-gone', 'The browser’s own proxy failed.', [
    'ERR_PROXY_CONNECTION_FAILED',
    'ERR_TUNNEL_CONNECTION_FAILED',
    'ERR_SOCKS_CONNECTION_FAILED',
    'ERR_PROXY_CERTIFICATE_INVALID',
    'NS_ERROR_PROXY_CONNECTION_REFUSED',
  ]),
  net('BR.CERT', 'trust', 'The browser does not trust the certificate.', [
    'ERR_CERT_DATE_INVALID',
    'ERR_CERT_COMMON_NAME_INVALID',
    'ERR_CERT_AUTHORITY_INVALID',
    'ERR_CERT_INVALID',
    'ERR_CERT_REVOKED',
    'ERR_CERT_WEAK_SIGNATURE_ALGORITHM',
    'SEC_ERROR_UNKNOWN_ISSUER',
    'MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT',
  ]),
  net('BR.TLS', 'trust', 'No TLS with this peer: another protocol on the port, or nothing in common.', [
    'ERR_SSL_PROTOCOL_ERROR',
    'ERR_SSL_VERSION_OR_CIPHER_MISMATCH',
    'SSL_ERROR_UNKNOWN',
    'SSL_ERROR_RX_RECORD_TOO_LONG',
  ]),
  net('BR.HTTP2', 'answered-error', 'Framing that the browser does not accept.', [
    'ERR_HTTP2_PROTOCOL_ERROR',
    'ERR_HTTP2_SERVER_REFUSED_STREAM',
    'ERR_QUIC_PROTOCOL_ERROR',
    'ERR_INVALID_HTTP_RESPONSE',
    'ERR_INVALID_RESPONSE',
  ]),
  net('BR.BAD_BODY', 'cut-short', 'The answer broke off or does not decode.', [
    'ERR_INCOMPLETE_CHUNKED_ENCODING',
    'ERR_INVALID_CHUNKED_ENCODING',
    'ERR_CONTENT_LENGTH_MISMATCH',
    'ERR_CONTENT_DECODING_FAILED',
    'NS_ERROR_NET_PARTIAL_TRANSFER',
  ]),
  net('BR.REDIRECTS', 'answered-error', 'Redirected in a circle.', [
    'ERR_TOO_MANY_REDIRECTS',
    'NS_ERROR_REDIRECT_LOOP',
  ]),
  net('BR.HTTP_ERROR', 'answered-error', 'An error status with an empty page.', [
    'ERR_HTTP_RESPONSE_CODE_FAILURE',
  ]),
  net('BR.BLOCKED', 'answered-error', 'A policy of the answer’s headers forbids it.', [
    'ERR_BLOCKED_BY_RESPONSE',
    'ERR_BLOCKED_BY_CSP',
    'ERR_BLOCKED_BY_ORB',
    'ERR_UNSAFE_PORT',
  ]),
  net('BR.BLOCKED_CLIENT', 'misuse', 'The test’s own interception stopped it.', [
    'ERR_BLOCKED_BY_CLIENT',
    'ERR_FAILED',
  ]),
  net('BR.BAD_URL', 'misuse', 'Not an address.', ['ERR_INVALID_URL', 'ERR_UNKNOWN_URL_SCHEME']),
  net(
    'BR.ABORTED',
    'misuse',
    'Superseded, a download, or the page was closed.',
    ['ERR_ABORTED', 'NS_BINDING_ABORTED'],
    'consequence',
  ),
  net('BR.NO_RESOURCES', 'starved', 'The browser ran out of memory or sockets.', [
    'ERR_INSUFFICIENT_RESOURCES',
    'ERR_OUT_OF_MEMORY',
  ]),
]

const process: readonly SignalRule[] = [
  {
    stableCode: 'BR.TARGET_CLOSED',
    kind: 'message',
    family: 'unknown',
    means: 'The page or browser was gone already: look for what came first.',
    texts: [
      /\bTarget (?:page, context or browser has been closed|closed)\b/,
      /(?<!context or )\b(?:Browser|Page|Context) has been closed\b/i,
      /\bMissing target for given targetId\b/,
      /\bExecution context was destroyed\b/,
      /\bframe was detached\b/i,
      /\bNavigation failed because page (?:was closed|crashed)\b/,
      /\bis interrupted by another navigation\b/,
    ],
    standing: 'consequence',
  },
  {
    stableCode: 'BR.PROTOCOL',
    kind: 'message',
    family: 'unknown',
    means: 'The browser refused a command; what follows the colon says why.',
    texts: [/\bProtocol error \([\w.]{1,80}\)/],
    standing: 'wrapper',
  },
  {
    stableCode: 'BR.TARGET_CRASHED',
    kind: 'resource',
    family: 'starved',
    means: 'The page’s process crashed: memory, a small /dev/shm, or a page that kills it.',
    texts: [/\b(?:Target|Page) crashed\b/],
  },
  {
    stableCode: 'BR.LAUNCH',
    kind: 'message',
    family: 'starved',
    means: 'The browser did not start: an image without it, or without its libraries.',
    texts: [
      /\bFailed to launch the browser process\b/,
      /\bExecutable doesn't exist\b/,
      /\bHost system is missing dependencies\b/,
      /\bNo executable path is specified\b/,
    ],
  },
  {
    stableCode: 'BR.LAUNCH_CALL',
    kind: 'runtime',
    family: 'unknown',
    means: 'The call that starts a browser failed: what follows says why.',
    texts: [/\bbrowserType\.launch(?:PersistentContext)?(?=: )/],
    standing: 'wrapper',
  },
]

/** Browsers, as Playwright shows them. */
export const browserRules: readonly SignalRule[] = [...network, ...process]
