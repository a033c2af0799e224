/** Whose failure a signal is, as far as the text around it says. */
export interface Endpoint {
  readonly host?: string
  readonly port?: number
}

const address =
  /\b(?:https?|wss?|postgres(?:ql)?|rediss?|tcp):\/\/(?:[^\s/@'"]{0,200}@)?(?<host>\[[^\]\s]{1,60}\]|[^\s:/?#'"<>()]{1,253})(?::(?<port>\d{1,5}))?/

/** Written right behind the code: `ECONNREFUSED ::1:3000`, `EADDRINUSE: address already in use :::5000`. */
const behind = /^:?(?: address already in use)? (?<host>[^\s,'")\]]{1,253}?):(?<port>\d{1,5})(?![\d:.\w])/

/** Written right behind a look-up: `getaddrinfo EAI_AGAIN database`. */
const lookedUp = /^ (?<host>[^\s,:'")<>]{1,253})(?::(?<port>\d{1,5}))?/

/** Elsewhere on the line: libpq's and Go's ways. */
const onLine = [
  address,
  /\bserver at "(?<host>[^"\n]{1,253})"[^\n]{0,80}?, port (?<port>\d{1,5})/,
  /\b(?:tcp|listen) (?<host>[^\s:]{1,253}):(?<port>\d{1,5})\b/,
  /\bPort (?<port>\d{1,5}) is\b/,
]

const field = (names: string) => new RegExp(`\\b(?:${names})["']?: ?["']?([^\\s'",}]{1,253})`)
const hostField = field('address|hostname|remoteAddress')
const portField = field('port|remotePort')
const navigation = /\bnavigating to "([^"\n]{1,500})"/

/** How far behind a code its fields and call log may lie. */
const reach = 500

/** Host and port of the failure whose text lies at `start`–`end`. */
export function endpointNear(text: string, start: number, end: number): Endpoint {
  const rest = text.slice(end, end + reach)
  const direct =
    behind.exec(rest) ??
    (/getaddrinfo $/.test(text.slice(Math.max(0, start - 12), start)) ? lookedUp.exec(rest) : null)
  if (direct) return endpointOf(direct.groups)
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - reach)
  const line =
    text.slice(lineStart, end) + rest.slice(0, rest.indexOf('\n') >= 0 ? rest.indexOf('\n') : reach)
  const block = rest.split(/\n\s*\n/, 1)[0] ?? ''
  const host = hostField.exec(block)?.[1]
  if (host) return endpointOf({ host, port: portField.exec(block)?.[1] })
  for (const pattern of onLine) {
    const found = pattern.exec(line)
    if (found) return endpointOf(found.groups)
  }
  const visited = address.exec(navigation.exec(rest)?.[1] ?? '')
  return visited ? endpointOf(visited.groups) : {}
}

/** An endpoint from named groups; what is missing or impossible is left out. */
export function endpointOf(groups: Partial<Record<string, string | undefined>> | undefined): Endpoint {
  const host = groups?.['host']?.replace(/^\[|\]$/g, '')
  const port = Number(groups?.['port'])
  return {
    ...(host ? { host } : {}),
    ...(Number.isInteger(port) && port > 0 && port <= 65_535 ? { port } : {}),
  }
}
