import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signalsOfError } from './error.ts'
import { firstCause, placeSignals } from './order.ts'
import { signalsReport } from './report.ts'
import { signalsOfText } from './text.ts'
import { rules } from './vocabulary.ts'

const codesIn = (text: string) => signalsOfText(text).map((signal) => signal.code)

test('colours are read past', () => {
  const coloured = '\u001b[31mError: connect \u001b[1mECONNREFUSED\u001b[22m 127.0.0.1:5432\u001b[39m'
  expect(signalsOfText(coloured)).toEqual(signalsOfText(stripVTControlCharacters(coloured)))
  expect(signalsOfText(coloured)).toMatchObject([{ code: 'ECONNREFUSED', host: '127.0.0.1', port: 5432 }])
})

test('what a source line or a stack frame mentions is no fact', () => {
  const text = `AssertionError: expected 500 to be 200 // Object.is equality
 ❯ src/ECONNRESET.test.ts:4:3
      2| test('survives', async () => {
      3|   expect(error.code).toBe('ECONNREFUSED')
    > 4 |   expect(response.status).toBe(502)
       |   ^
    at refused (/app/ENOTFOUND.ts:1:1)`
  expect(signalsOfText(text).map((signal) => signal.kind)).toEqual(['assertion'])
})

test('a cause comes before what it caused, in Node’s and in Vitest’s rendering', () => {
  const node = `Error: profile not loaded, status 500
    at load (/app/load.ts:1:1) {
  [cause]: Error: connect ECONNREFUSED 10.0.0.1:80
      at connect (node:net:1:1)
}`
  const vitest = `Error: profile not loaded, status 500
 ❯ load.test.ts:3:9
      2| 
      3| load()

Caused by: Error: connect ECONNREFUSED 10.0.0.1:80
 ❯ node:net:1:1`
  expect(codesIn(node)).toEqual(['ECONNREFUSED', '500'])
  expect(codesIn(vitest)).toEqual(['ECONNREFUSED', '500'])
})

test('failures one after another keep their order', () => {
  expect(codesIn('Error: read ECONNRESET\n\nError: getaddrinfo ENOTFOUND db')).toEqual([
    'ECONNRESET',
    'ENOTFOUND',
  ])
})

test('one fact mentioned twice counts once, with its endpoint', () => {
  const text = "Error: connect ECONNREFUSED ::1:3000 {\n  code: 'ECONNREFUSED'\n}"
  expect(signalsOfText(text)).toMatchObject([{ code: 'ECONNREFUSED', host: '::1', port: 3000 }])
})

test('a wrapper counts for itself only when nothing else is known', () => {
  expect(firstCause(signalsOfText('TypeError: fetch failed'))).toMatchObject({ stableCode: 'FETCH.WRAP' })
  const known = signalsOfText('TypeError: fetch failed\n  cause: Error: read ECONNRESET')
  expect(firstCause(known)).toMatchObject({ code: 'ECONNRESET' })
  expect(known.find((signal) => signal.stableCode === 'FETCH.WRAP')).toHaveProperty('consequence', true)
})

test('consequences are kept and never taken for the cause', () => {
  for (const text of [
    'error: current transaction is aborted, commands ignored until end of transaction block',
    'page.goto: net::ERR_ABORTED at http://localhost/',
    'page.click: Target page, context or browser has been closed',
    'WebSocket is not open: readyState 3 (CLOSED)',
  ]) {
    const signals = signalsOfText(text)
    expect(signals, text).toHaveLength(1)
    expect(firstCause(signals), text).toBeUndefined()
  }
})

test('a number that only looks like a code is none', () => {
  const text = 'took 503 ms; id: 23505; sent 1006 bytes in 429 ms; line 57014; Expected: 404\nDone in 42P01x'
  expect(signalsOfText(text)).toEqual([])
})

test('signals of one text carry redacted excerpts', () => {
  const text = 'request to https://ada:hunter2@api.example failed, reason: connect ECONNREFUSED 10.1.1.1:443'
  expect(JSON.stringify(signalsOfText(text))).not.toContain('hunter2')
  const masked = signalsOfText("Cannot find module 'tok-12345'", {
    redact: (raw) => raw.replace('tok-12345', '***'),
  })
  expect(JSON.stringify(masked)).toContain('***')
})

test('the first cause is the earliest in time, where times are known', () => {
  const [early] = placeSignals(signalsOfText('read ECONNRESET'), { phase: 'act', role: 'edge' })
  const [late] = signalsOfText('connect ECONNREFUSED 127.0.0.1:1')
  const signals = [
    { ...late!, at: 2000 },
    { ...early!, at: 1000 },
  ]
  expect(firstCause(signals)).toMatchObject({ code: 'ECONNRESET', phase: 'act', role: 'edge' })
})

test('a phase that a signal knows itself stays', () => {
  const [signal] = placeSignals(placeSignals(signalsOfText('read ECONNRESET'), { phase: 'act' }), {
    phase: 'tear-down',
  })
  expect(signal).toHaveProperty('phase', 'act')
})

test('the report answers NDJSON with one line for each text', () => {
  const input = `${JSON.stringify({ id: 'a', text: 'read ECONNRESET' })}\n${JSON.stringify({ id: 'b', text: 'fine' })}\n`
  const lines = signalsReport(input, { json: true })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    {
      id: 'a',
      signals: [{ kind: 'errno', code: 'ECONNRESET', stableCode: 'NET.CONN_RESET', family: 'peer-gone' }],
    },
    { id: 'b', signals: [] },
  ])
})

test('the report lists the signals of one text for people, the first cause marked', () => {
  const report = signalsReport('Error: connect ECONNREFUSED 127.0.0.1:5432', { json: false })
  expect(report).toMatch(/NET\.CONN_REFUSED +peer-gone +ECONNREFUSED +127\.0\.0\.1:5432 +first/)
  expect(signalsReport('all is well', { json: false })).toBe('No signal found.\n')
})

test('a text that is JSON without being a sample is read as text', () => {
  const input = '{"message":"read ECONNRESET"}'
  expect(JSON.parse(signalsReport(input, { json: true }))).toMatchObject({
    id: 'input',
    signals: [{ code: 'ECONNRESET' }],
  })
})

test('every stable code is well-formed and means one fault family for one raw code', () => {
  const families = new Map<string, string>()
  for (const rule of rules) {
    expect(rule.stableCode).toMatch(/^[A-Z]+\.[0-9A-Z_]+$/)
    expect((rule.codes?.length ?? 0) + (rule.texts?.length ?? 0), rule.stableCode).toBeGreaterThan(0)
    for (const code of rule.codes ?? []) {
      const key = `${rule.kind === 'net-err' ? 'browser ' : ''}${code}`
      expect(families.get(key), code).toBeUndefined()
      families.set(key, rule.family)
    }
  }
})

/** Strings that come near to what the patterns look for, so that they run far before they fail. */
const nearMiss = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'ECONNREFUSED',
        'connect ',
        'AssertionError: ',
        'expected ',
        ' to ',
        'WebSocket ',
        'status: ',
        '503',
        '{',
        '}',
        '\n',
        'cause: ',
        "'",
        '://',
        'user:',
        '@',
        '\u001b[31m',
        'code: ',
        '57P01',
        'column ',
        'ERR_',
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

test('any text is read without an exception, into bounded signals', () => {
  fc.assert(
    fc.property(nearMiss, (text) => {
      const signals = signalsOfText(text)
      expect(signals.length).toBeLessThanOrEqual(100)
      for (const { match, code } of signals)
        expect(Math.max(match.length, code.length)).toBeLessThanOrEqual(200)
    }),
  )
})

test('any value that is thrown is read without an exception', () => {
  const thrown = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }),
      tie('error'),
    ),
    error: fc.record(
      {
        name: fc.constantFrom('Error', 'TimeoutError', 'AssertionError'),
        message: nearMiss,
        code: fc.oneof(fc.string(), fc.integer(), fc.constantFrom('ECONNRESET', '57P01')),
        cause: tie('any'),
        errors: fc.array(tie('any'), { maxLength: 4 }),
        socket: tie('any'),
        response: tie('any'),
        status: fc.integer(),
        actual: tie('any'),
      },
      { requiredKeys: [] },
    ),
  })).any
  fc.assert(
    fc.property(thrown, (value) => {
      expect(signalsOfError(value).length).toBeLessThanOrEqual(100)
    }),
  )
})

test('no registered secret survives, wherever it stands', () => {
  const secret = 'S3cr3tValue'
  const redact = (raw: string) => raw.replaceAll(secret, '[redacted]')
  fc.assert(
    fc.property(nearMiss, nearMiss, (before, after) => {
      const text = `${before}${secret}${after}`
      const signals = [...signalsOfText(text, { redact }), ...signalsOfError(new Error(text), { redact })]
      expect(JSON.stringify(signals)).not.toContain(secret)
    }),
  )
})

test('repetition of anything that a pattern begins with is read in bounded time', () => {
  const parts = [
    'AssertionError: expected ',
    'WebSocket ',
    'column ',
    'lookup a',
    'GET /',
    'E',
    'http://',
    'Log message ',
    ' ',
    '\n',
  ]
  const begun = performance.now()
  for (const part of parts) signalsOfText(part.repeat(400_000 / part.length))
  expect(performance.now() - begun).toBeLessThan(4000)
})
