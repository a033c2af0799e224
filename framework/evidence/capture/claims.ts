/**
 * Services that the application names in its answer as the reason: the `dependency` of a problem document
 * (`application/problem+json`), the failing checks of a health document (`application/health+json`).
 */
export function claimsOf(contentType: string, body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return []
  if (/\bapplication\/problem\+json\b/i.test(contentType) && 'dependency' in body)
    return namesIn(body.dependency)
  if (/\bapplication\/health\+json\b/i.test(contentType) && 'checks' in body)
    return failingChecks(body.checks)
  return []
}

function namesIn(value: unknown): string[] {
  const names = Array.isArray(value) ? value : [value]
  return names
    .filter((name) => typeof name === 'string')
    .map((name) => name.slice(0, 100))
    .slice(0, 20)
}

const passing = new Set(['pass', 'ok', 'up', 'warn'])

/** A check’s name is `component:measurement`; it fails when any of its entries does. */
function failingChecks(checks: unknown): string[] {
  if (typeof checks !== 'object' || checks === null) return []
  const failing = Object.entries(checks).filter(([, entries]) =>
    (Array.isArray(entries) ? entries : [entries]).some(fails),
  )
  return namesIn([...new Set(failing.map(([name]) => name.split(':', 1)[0] ?? name))])
}

function fails(entry: unknown): boolean {
  const status = typeof entry === 'object' && entry !== null && 'status' in entry ? entry.status : entry
  return typeof status === 'string' && !passing.has(status.toLowerCase())
}

/** Whether a complete body is of the type that its header declares: JSON has to parse, of the rest nothing is known. */
export function parseDeclared(
  contentType: string,
  body: string,
): { readonly wellFormed: boolean; readonly value: unknown } {
  if (!/\bjson\b/i.test(contentType)) return { wellFormed: true, value: undefined }
  try {
    return { wellFormed: true, value: JSON.parse(body) }
  } catch {
    return { wellFormed: false, value: undefined }
  }
}
