import { DeadlineExceeded, messageOf } from '#core'
import { type Finding, LookFailure } from './finding.ts'
import type { Outcome } from './observation.ts'

/** Socket errors by what they say of the peer or the path. One fault wears many codes. */
const byErrno: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused', // the socket file of a local server
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-answer',
  EHOSTDOWN: 'no-answer',
  ENETUNREACH: 'no-answer',
  ECONNRESET: 'cut',
  ECONNABORTED: 'cut',
  EPIPE: 'cut',
  ENOTFOUND: 'name-gone',
  EAI_AGAIN: 'name-gone',
  EAI_FAIL: 'name-gone',
  EAI_NODATA: 'name-gone',
}

/** SQLSTATE by code, then by class. Anything else says that the look itself was wrong. */
const bySqlState: Readonly<Record<string, Outcome>> = {
  '08': 'cut',
  '28': 'auth',
  '53': 'unwell',
  '57': 'unwell',
  '58': 'unwell',
  XX: 'unwell',
  '25006': 'unwell',
}

/** WebSocket close codes by which a server says that it can't serve, or won't serve this client. */
const byCloseCode: Readonly<Record<number, Outcome>> = {
  1008: 'auth',
  1011: 'unwell',
  1012: 'unwell',
  1013: 'unwell',
  1014: 'unwell',
}

/** The outcome that an HTTP status stands for: any answer is an answer, but 5xx says that it can't serve. */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 500) return 'unwell'
  return status === 401 || status === 403 ? 'auth' : 'ok'
}

/** The outcome of a WebSocket that the server closed. */
export function outcomeOfClose(code: number): Outcome {
  return byCloseCode[code] ?? 'cut'
}

/**
 * What an error of a look says. What isn't known to be the peer's or the path's fault is `misconfigured`: an
 * unknown error must never speak for an outage.
 */
export function findingOf(error: unknown): Finding {
  if (error instanceof LookFailure) return error.finding
  if (error instanceof DeadlineExceeded) return { outcome: 'no-answer', code: error.code }
  const detail = messageOf(error)
  const code = codeOf(error)
  if (code === undefined) return { outcome: outcomeOfText(detail), detail }
  return { outcome: outcomeOfError(error, code), code, detail }
}

function outcomeOfError(error: unknown, code: string): Outcome {
  if (isDatabaseError(error)) return bySqlState[code] ?? bySqlState[code.slice(0, 2)] ?? 'misconfigured'
  if (isResolverError(error)) return 'name-gone'
  return byErrno[code] ?? 'misconfigured'
}

/** `pg` gives no code when the stream ends beneath it. */
function outcomeOfText(text: string): Outcome {
  return /^connection terminated/i.test(text) ? 'cut' : 'misconfigured'
}

/** The code of an error, or of the first of several attempts on the addresses of one name. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && 'severity' in error
}

/** A dead name server makes the resolver itself report ECONNREFUSED: the call tells the two apart. */
function isResolverError(error: unknown): boolean {
  const syscall = error instanceof Error && 'syscall' in error ? String(error.syscall) : ''
  return syscall === 'getaddrinfo' || syscall.startsWith('query')
}
