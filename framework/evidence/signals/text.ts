import { Redactor } from '#core'
import type { Signal } from '../signal.ts'
import { type Endpoint, endpointNear, endpointOf } from './endpoint.ts'
import { layOut } from './layout.ts'
import { numberReaders } from './numbers.ts'
import type { SignalRule } from './rule.ts'
import { settle } from './settle.ts'
import { type Meaning, meaningOfWord, rules } from './vocabulary.ts'

export interface ReadOptions {
  /** Takes secrets out of what is kept; by default only the passwords of URLs are. */
  readonly redact?: (text: string) => string
}

/** Longest excerpt that a signal carries. */
const matchLength = 200
/** Most findings that one pattern may give. */
const perPattern = 20
/** Most signals of one failure. */
export const mostSignals = 100

const codeWord = /(?:net::)?\b[A-Z][A-Z0-9_]{2,63}\b/g
const unlisted = /\[(?<code>ERR_[A-Z0-9_]{2,60})\]|\bcode: ?'(?<quoted>ERR_[A-Z0-9_]{2,60})'/g
const urlPasswords = new Redactor()

/** Kinds whose text has an endpoint that is the failure's, not something mentioned beside it. */
const networked = new Set(['errno', 'net-err', 'tls', 'timeout', 'http-status', 'ws-close', 'message'])

/** How secrets are taken out of what is kept. */
export function redactorOf(options: ReadOptions): (text: string) => string {
  return options.redact ?? ((raw) => urlPasswords.text(raw))
}

/** undici's facts of the socket: with bytes read, the answer had begun. */
const readBytes = /\bbytesRead["']?: ?[1-9]/

interface Finding {
  readonly meaning: Meaning
  readonly code: string
  readonly match: string
  readonly start: number
  readonly end: number
  readonly endpoint?: Endpoint
}

/**
 * The signals in a rendered failure: an error's message, a test's output, a log. Colours, code frames and stack
 * frames are read past. The first in time comes first. Never throws; of a huge text beginning and end are read.
 */
export function signalsOfText(text: string, options: ReadOptions = {}): Signal[] {
  const layout = layOut(text)
  const clean = redactorOf(options)(layout.text)
  const order = clean.length === layout.text.length ? layout.order : layOut(clean).order
  const found = [...codes(clean), ...words(clean), ...numbers(clean)]
  found.sort((a, b) => order(a.start) - order(b.start))
  return settle(found.slice(0, mostSignals * 5).map((finding) => toSignal(clean, finding))).slice(
    0,
    mostSignals,
  )
}

function toSignal(text: string, finding: Finding): Signal {
  const { meaning, code, match, start, end } = finding
  const near =
    networked.has(meaning.kind) && !meaning.stableCode.startsWith('PG.') ? endpointNear(text, start, end) : {}
  return {
    kind: meaning.kind,
    code,
    stableCode: meaning.stableCode,
    family:
      meaning.stableCode === 'FETCH.SOCKET' && readBytes.test(text.slice(end, end + 600))
        ? 'cut-short'
        : meaning.family,
    match: match.slice(0, matchLength),
    ...near,
    ...finding.endpoint,
    ...(meaning.standing ? { consequence: true as const } : {}),
  }
}

/** Codes that stand in the text as words. */
function* codes(text: string): Generator<Finding> {
  for (const found of text.matchAll(codeWord)) {
    const meaning = meaningOfWord(found[0])
    if (meaning) yield at(found, meaning, found[0].replace('net::', ''))
  }
  for (const found of text.matchAll(unlisted)) {
    const code = found.groups?.['code'] ?? found.groups?.['quoted'] ?? ''
    if (!meaningOfWord(code))
      yield at(found, { stableCode: 'RUN.NODE_ERROR', kind: 'runtime', family: 'unknown' }, code)
  }
}

const worded = rules.flatMap((rule) =>
  (rule.texts ?? []).map((pattern) => ({ rule, pattern: new RegExp(pattern, `${pattern.flags}g`) })),
)

/** What software says where it gives no code. */
function* words(text: string): Generator<Finding> {
  for (const { rule, pattern } of worded)
    for (const found of text.matchAll(pattern).take(perPattern))
      yield {
        ...at(
          found,
          rule,
          found.groups?.['code'] ?? (namesTheCode(rule) ? rule.codes?.[0] : undefined) ?? found[0].trim(),
        ),
        endpoint: endpointOf(found.groups),
      }
}

/** Whether a rule's words say the same as its first code: `connection refused` is ECONNREFUSED. */
function namesTheCode(rule: SignalRule): boolean {
  return ['errno', 'sqlstate', 'resource', 'timeout', 'net-err'].includes(rule.kind)
}

const numbered = numberReaders.map((reader) => ({
  ...reader,
  pattern: new RegExp(reader.pattern, `${reader.pattern.flags}g`),
}))

/** Statuses, close codes and SQLSTATEs. */
function* numbers(text: string): Generator<Finding> {
  for (const { pattern, meaning } of numbered)
    for (const found of text.matchAll(pattern).take(perPattern)) {
      const code = found.groups?.['code'] ?? ''
      const means = meaning(code)
      if (means) yield at(found, means, code)
    }
}

function at(found: RegExpExecArray, meaning: Meaning, code: string): Finding {
  const match = found[0].trim()
  return {
    meaning,
    code: code.slice(0, matchLength),
    match,
    start: found.index,
    end: found.index + found[0].length,
  }
}
