import type { Signal } from '../signal.ts'
import { endpointOf } from './endpoint.ts'
import { causesOf, describedNumber, hasField, isErrorLike, numberField, read, textField } from './fields.ts'
import { settle } from './settle.ts'
import { mostSignals, type ReadOptions, redactorOf, signalsOfText } from './text.ts'
import {
  isListedState,
  type Meaning,
  meaningOfClose,
  meaningOfField,
  meaningOfState,
  meaningOfStatus,
} from './vocabulary.ts'

/** Most errors of one tree of causes that are read. */
const mostErrors = 50

/**
 * The signals in something that was thrown: fields first (codes, states, statuses, causes, members of an
 * AggregateError), then the message. Causes come before what they caused. Never throws, whatever the value does.
 */
export function signalsOfError(error: unknown, options: ReadOptions = {}): Signal[] {
  if (!isErrorLike(error)) return typeof error === 'string' ? signalsOfText(error, options) : []
  return settle(causesFirst(error).flatMap((each) => signalsOfOne(each, options))).slice(0, mostSignals)
}

/** The errors of a tree, the deepest first; cycles and endless chains end. */
function causesFirst(error: object): object[] {
  const seen = new Set<object>()
  const ordered: object[] = []
  const visit = (each: object) => {
    if (seen.has(each) || seen.size >= mostErrors) return
    seen.add(each)
    for (const cause of causesOf(each)) visit(cause)
    ordered.push(each)
  }
  visit(error)
  return ordered
}

function signalsOfOne(error: object, options: ReadOptions): Signal[] {
  const message = textField(error, 'message') ?? ''
  const match = signalText(error, message, options)
  const signal = (meaning: Meaning, code: string): Signal => ({
    kind: meaning.kind,
    code,
    stableCode: meaning.stableCode,
    family: meaning.stableCode === 'FETCH.SOCKET' ? socketFamily(error) : meaning.family,
    match,
    ...endpointOfError(error),
    ...(meaning.standing ? { consequence: true as const } : {}),
  })
  const fields = [codeOf, abortOf, closeOf, statusOf, assertionOf]
    .map((reader) => reader(error))
    .filter((told) => told !== undefined)
  const told = new Set(fields.map(({ meaning }) => meaning.stableCode))
  const said = signalsOfText(message, options).filter((each) => !told.has(each.stableCode))
  return [...fields.map(({ meaning, code }) => signal(meaning, code)), ...said]
}

interface Told {
  readonly meaning: Meaning
  readonly code: string
}

/** A code in `error.code`. A SQLSTATE needs PostgreSQL's `severity`, unless the vocabulary lists the state. */
function codeOf(error: object): Told | undefined {
  const code = textField(error, 'code')
  if (code === undefined || code.length > 80) return undefined
  const field = meaningOfField(code)
  if (field) return { meaning: field, code }
  const isState = textField(error, 'severity') !== undefined || isListedState(code)
  const state = isState ? meaningOfState(code) : undefined
  return state && { meaning: state, code }
}

/** A DOMException of an AbortSignal; its `code` is a number of the DOM, never an errno. */
function abortOf(error: object): Told | undefined {
  const name = textField(error, 'name')
  if (name === 'TimeoutError' && numberField(error, 'code') === 23)
    return { meaning: { stableCode: 'FETCH.TIMEOUT', kind: 'timeout', family: 'no-answer' }, code: name }
  if (name === 'AbortError')
    return { meaning: { stableCode: 'FETCH.ABORTED', kind: 'message', family: 'misuse' }, code: name }
  return undefined
}

/** The close code of a CloseEvent, or the one that `ws` puts on the errors of its receiver. */
function closeOf(error: object): Told | undefined {
  const isClose = textField(error, 'type') === 'close' || typeof read(error, 'wasClean') === 'boolean'
  const code = isClose ? numberField(error, 'code') : describedNumber(error, 'status-code')
  if (code === undefined || code < 1000 || code > 4999) return undefined
  return { meaning: meaningOfClose(code), code: String(code) }
}

/** An HTTP status on the error, or on the response that it carries. */
function statusOf(error: object): Told | undefined {
  const response = read(error, 'response')
  const status =
    numberField(error, 'statusCode') ??
    numberField(error, 'status') ??
    (isErrorLike(response)
      ? (numberField(response, 'status') ?? numberField(response, 'statusCode'))
      : undefined)
  if (status === undefined || status < 400 || status > 599) return undefined
  return { meaning: meaningOfStatus(status), code: String(status) }
}

/** An assertion, told by its name or by carrying both values; Node's own are told by their code already. */
function assertionOf(error: object): Told | undefined {
  if (textField(error, 'code') === 'ERR_ASSERTION') return undefined
  const name = textField(error, 'name')
  const both = hasField(error, 'expected') && hasField(error, 'actual')
  if (name !== 'AssertionError' && !both && !isErrorLike(read(error, 'matcherResult'))) return undefined
  const operator = textField(error, 'operator') ?? ''
  const code = /^\w{1,40}$/.test(operator) ? operator : 'AssertionError'
  return { meaning: { stableCode: 'VT.ASSERT', kind: 'assertion', family: 'wrong-value' }, code }
}

/** With bytes read, the answer had begun: it was cut short; without, the peer was gone. */
function socketFamily(error: object): Signal['family'] {
  const socket = read(error, 'socket')
  return isErrorLike(socket) && (numberField(socket, 'bytesRead') ?? 0) > 0 ? 'cut-short' : 'peer-gone'
}

function endpointOfError(error: object) {
  const socket = read(error, 'socket')
  const from = isErrorLike(socket) ? socket : error
  const host = textField(error, 'address') ?? textField(error, 'hostname') ?? textField(from, 'remoteAddress')
  const port = numberField(error, 'port') ?? numberField(from, 'remotePort')
  return endpointOf({ host: host?.slice(0, 253), port: port === undefined ? undefined : String(port) })
}

/** What the signal was read from: the message's first line, or else the name and code. */
function signalText(error: object, message: string, options: ReadOptions): string {
  const line = message.slice(0, 2000).split('\n', 1)[0] ?? ''
  const text = line || [textField(error, 'name'), textField(error, 'code')].filter(Boolean).join(' ')
  return redactorOf(options)(text).slice(0, 200)
}
