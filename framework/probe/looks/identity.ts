import type { IncomingHttpHeaders } from 'node:http'
import type { IdentityHeaders } from '#topology'
import type { Identity } from '../observation.ts'

const maxLength = 200

/** Who answered: from the headers, else from a body of type `application/health+json`. */
export function identityOf(
  headers: IncomingHttpHeaders,
  body: string | undefined,
  names: IdentityHeaders,
): Identity | undefined {
  const claims = healthBody(headers, body)
  const build = text(headers[names.build.toLowerCase()]) ?? text(claims?.['releaseId'])
  const instance = text(headers[names.instance.toLowerCase()]) ?? text(claims?.['instanceId'])
  const startedAt = time(headers[names.startedAt.toLowerCase()])
  if (build === undefined && instance === undefined && startedAt === undefined) return undefined
  return {
    ...(build === undefined ? {} : { build }),
    ...(instance === undefined ? {} : { instance }),
    ...(startedAt === undefined ? {} : { startedAt }),
  }
}

function healthBody(
  headers: IncomingHttpHeaders,
  body: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (body === undefined || !headers['content-type']?.startsWith('application/health+json')) return undefined
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxLength) : undefined
}

function time(value: unknown): number | undefined {
  const written = text(value)
  if (written === undefined) return undefined
  const ms = /^\d+(\.\d+)?$/.test(written) ? Number(written) : Date.parse(written)
  return Number.isFinite(ms) ? ms : undefined
}
