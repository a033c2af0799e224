import type { Route } from './routes.ts'

/** What a method and path lead to. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: readonly string[] }
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'unknown' }

/** Finds the route; paths are exact, and an uncleaned one (`//`, `..`) is sent to its clean form. */
export function match(routes: readonly Route[], method: string, url: string): Match {
  const [path = '/'] = url.split('?', 1)
  const clean = cleanPath(path)
  if (clean !== path) return { kind: 'moved', to: clean + url.slice(path.length) }
  const segments = path.slice(1).split('/').map(decode)
  const fitting = routes.filter((route) => fits(route.path, segments))
  if (fitting.length === 0) return { kind: 'unknown' }
  const route = fitting.find(({ methods }) => methods.includes(method) || methods.includes('*'))
  if (!route) return { kind: 'wrong-method' }
  return { kind: 'route', route, params: segments.filter((_, index) => route.path[index] === '*') }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, index) =>
    part === '*' ? segments[index] !== '' && !segments[index]!.includes('/') : part === segments[index],
  )
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function cleanPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const slash = path.endsWith('/') && kept.length > 0 ? '/' : ''
  return `/${kept.join('/')}${slash}`
}
