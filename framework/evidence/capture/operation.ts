/** A segment that names something: a word, with a version or two digits at most. */
const name = /^(?:v\d{1,3}(?:(?:alpha|beta)\d{0,2})?|[A-Za-z._~][A-Za-z._~-]{0,31}\d{0,2})$/

/** `GET /threads/:id`: method and path without query, ids and other values. */
export function httpOperation(method: string, path: string): string {
  const pathname = (path.split(/[?#]/, 1)[0] ?? '').slice(0, 2000)
  const segments = pathname
    .split('/')
    .map((segment) => (segment === '' || name.test(segment) ? segment : ':id'))
  return `${method.toUpperCase()} ${segments.join('/') || '/'}`
}

/** The statement’s first word, after comments: `SELECT`. Values never reach it. */
export function sqlOperation(text: string): string {
  const bare = text.slice(0, 2000).replace(/^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*/, '')
  return /^[A-Za-z]{1,20}/.exec(bare)?.[0].toUpperCase() ?? 'QUERY'
}
