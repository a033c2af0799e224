import { expect } from 'vitest'

/** One request and what it must be answered. */
export interface Step {
  readonly method: string
  readonly path: string
  readonly send?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  /** Compared with the parsed body, as `toEqual` does. */
  readonly body?: unknown
  /** Compared with the body's text. */
  readonly text?: unknown
  readonly answerHeaders?: Readonly<Record<string, unknown>>
  /** What a real Toxiproxy answers instead, where ours differs on purpose. */
  readonly toxiproxy?: Partial<Pick<Step, 'status' | 'body' | 'text' | 'answerHeaders'>>
}

export interface ApiCase {
  /** Of the contract: A errors and shapes, B proxies, C populate, D update, E toxics, F reset. */
  readonly group: 'A' | 'B' | 'C' | 'D' | 'E' | 'F'
  readonly title: string
  /** Why ours differs from Toxiproxy, if a step does. */
  readonly decision?: string
  readonly steps: readonly Step[]
}

type Extra = Partial<Pick<Step, 'headers' | 'text' | 'answerHeaders' | 'toxiproxy'>>

const on =
  (method: string) =>
  (path: string, send: unknown, status: number, body?: unknown, extra: Extra = {}): Step => ({
    ...{ method, path, status, ...extra },
    ...(send !== undefined && { send }),
    ...(body !== undefined && { body }),
  })
const post = on('POST')
const patch = on('PATCH')
const get = (path: string, status: number, body?: unknown, extra?: Extra) =>
  on('GET')(path, undefined, status, body, extra)
const remove = (path: string, status: number, body?: unknown) => on('DELETE')(path, undefined, status, body)

const error = (status: number, text: unknown) => ({ error: text, status })
const badBody = error(400, expect.stringMatching(/^bad request body: /))
const bound = expect.stringMatching(/^127\.0\.0\.1:\d+$/)
const p = { name: 'p', listen: '127.0.0.1:0', upstream: 'nowhere.invalid:1' }
const off = { ...p, enabled: false }
const plainText = { 'content-type': 'text/plain; charset=utf-8' }
const latency = (attributes: object = {}, more: object = {}) => ({
  attributes: { latency: 0, jitter: 0, ...attributes },
  ...{ name: 'latency_downstream', type: 'latency', stream: 'downstream', toxicity: 1, ...more },
})
const shown = (more: object = {}) => ({ ...off, toxics: [], ...more })
/** Toxiproxy leaks an empty `Logger`; ours doesn't. */
const withLogger = (body: object) => ({ toxiproxy: { body: { ...body, Logger: {} } } })
const noLogger = 'no `Logger` key'

export const apiCases: readonly ApiCase[] = [
  {
    group: 'A',
    title: 'an unknown path is a plain 404 without a request id',
    steps: [
      get('/nothing', 404, undefined, {
        text: '404 page not found\n',
        answerHeaders: { ...plainText, 'x-toxiproxy-request-id': undefined },
      }),
      get('/proxies/', 404),
      get('/proxies/p/toxics/t/more', 404),
    ],
  },
  {
    group: 'A',
    title: 'a wrong method is a bare 405',
    steps: [
      on('PUT')('/proxies', undefined, 405, undefined, { text: '', answerHeaders: { allow: undefined } }),
      on('OPTIONS')('/proxies', undefined, 405),
      on('HEAD')('/version', undefined, 405),
      get('/reset', 405),
      get('/populate', 405),
    ],
  },
  {
    group: 'A',
    title: 'an uncleaned path is sent to its clean form',
    steps: [
      get('//proxies?a=b', 301, undefined, { answerHeaders: { location: '/proxies?a=b' } }),
      get('/a/../proxies', 301, undefined, { answerHeaders: { location: '/proxies' } }),
    ],
  },
  {
    group: 'A',
    title: 'a browser is refused, anything else is not',
    steps: [
      get('/proxies', 403, undefined, {
        headers: { 'user-agent': 'Mozilla/5.0 (X11)' },
        text: 'User agent not allowed\n',
        answerHeaders: { ...plainText, 'x-toxiproxy-request-id': expect.stringMatching(/^[0-9a-v]{20}$/) },
      }),
      get('/nothing', 404, undefined, { headers: { 'user-agent': 'Mozilla/5.0' } }),
      get('/proxies', 200, {}, { headers: { 'user-agent': 'Wget/2.1' } }),
      get('/proxies', 200, {}, { headers: { 'user-agent': 'mozilla/5.0' } }),
    ],
  },
  {
    group: 'A',
    title: 'a page of another origin is refused, whatever it calls itself',
    decision: 'Origin is refused too: a user agent is easily changed',
    steps: [
      get('/proxies', 403, undefined, {
        headers: { origin: 'http://evil.example' },
        text: 'Origin not allowed\n',
        toxiproxy: { status: 200, text: '{}' },
      }),
    ],
  },
  {
    group: 'A',
    title: 'a name that was made to resolve to loopback is refused',
    decision: 'the Host header is checked on loopback: DNS rebinding',
    steps: [
      get('/proxies', 403, undefined, {
        headers: { host: 'evil.example:8474' },
        text: 'Host not allowed\n',
        toxiproxy: { status: 200, text: '{}' },
      }),
      get('/proxies', 200, {}, { headers: { host: 'localhost:8474' } }),
    ],
  },
  {
    group: 'A',
    title: 'the version is told byte by byte',
    steps: [
      get('/version', 200, undefined, {
        text: expect.stringMatching(/^\{"version": "(2\.12\.0|git)"\}\n$/),
        answerHeaders: { 'content-type': 'application/json;charset=utf-8' },
      }),
    ],
  },
  {
    group: 'A',
    title: 'errors are JSON',
    decision: 'an error says application/json: the body is JSON',
    steps: [
      get('/proxies/none', 404, undefined, {
        text: '{"error":"proxy not found","status":404}\n',
        answerHeaders: { 'content-type': 'application/json' },
        toxiproxy: { answerHeaders: plainText },
      }),
    ],
  },
  {
    group: 'A',
    title: 'a body that cannot be read is a 400',
    steps: [
      post('/proxies', '', 400, error(400, 'bad request body: EOF')),
      post('/proxies', '{"name":"a', 400, error(400, 'bad request body: unexpected EOF')),
      post('/proxies', '{bad', 400, badBody),
      post('/proxies', 'nonsense', 400, badBody),
      post('/proxies', '[]', 400, badBody),
      post('/proxies', '"text"', 400, badBody),
      post('/proxies', { ...p, enabled: 'yes' }, 400, badBody),
      post('/proxies', { ...p, name: 5 }, 400, badBody),
    ],
  },
  {
    group: 'A',
    title: 'only the first JSON value is read, keys in any case, unknown ones and null ignored',
    decision: noLogger,
    steps: [
      post(
        '/proxies',
        '{"NAME":"p","Upstream":"nowhere.invalid:1","listen":null,"extra":[1],"enabled":false} trailing',
        201,
        shown({ listen: '' }),
        withLogger(shown({ listen: '' })),
      ),
    ],
  },
  {
    group: 'A',
    title: 'text that could end a script is escaped',
    steps: [
      post('/proxies', { ...off, name: '<a&b>' }, 201, undefined, {
        text: expect.stringContaining('"name":"\\u003ca\\u0026b\\u003e"'),
      }),
    ],
  },
  {
    group: 'B',
    title: 'a proxy is created, shown and listed with the address that was bound',
    decision: noLogger,
    steps: [
      get('/proxies', 200, {}, { answerHeaders: { 'content-type': 'application/json' } }),
      post(
        '/proxies',
        { ...p, listen: 'localhost:0' },
        201,
        { ...p, listen: bound, enabled: true, toxics: [] },
        {
          ...withLogger({ ...p, listen: bound, enabled: true, toxics: [] }),
        },
      ),
      get('/proxies/p', 200, expect.objectContaining({ name: 'p', enabled: true, listen: bound })),
      get('/proxies', 200, { p: expect.objectContaining({ name: 'p', enabled: true, toxics: [] }) }),
    ],
  },
  {
    group: 'B',
    title: 'a proxy needs a name and an upstream',
    steps: [
      post('/proxies', { upstream: 'u:1' }, 400, error(400, 'missing required field: name')),
      post('/proxies', {}, 400, error(400, 'missing required field: name')),
      post('/proxies', { name: 'p' }, 400, error(400, 'missing required field: upstream')),
      get('/proxies', 200, {}),
    ],
  },
  {
    group: 'B',
    title: 'a disabled proxy is neither bound nor checked',
    decision: noLogger,
    steps: [
      post('/proxies', { ...off, listen: 'local373' }, 201, shown({ listen: 'local373' }), {
        ...withLogger(shown({ listen: 'local373' })),
      }),
    ],
  },
  {
    group: 'B',
    title: 'a name is taken once, until it is deleted',
    steps: [
      post('/proxies', p, 201),
      post('/proxies', p, 409, error(409, 'proxy already exists')),
      remove('/proxies/p', 204),
      remove('/proxies/p', 404, error(404, 'proxy not found')),
      post('/proxies', p, 201),
    ],
  },
  {
    group: 'B',
    title: 'an address that cannot be bound is a 500 in Go’s words',
    steps: [
      post(
        '/proxies',
        { ...p, listen: 'local373' },
        500,
        error(500, 'listen tcp: address local373: missing port in address'),
      ),
      post(
        '/proxies',
        { ...p, listen: 'localhost:84740' },
        500,
        error(500, 'listen tcp: address 84740: invalid port'),
      ),
      post(
        '/proxies',
        { ...p, listen: 'no.such.invalid:1' },
        500,
        error(500, expect.stringMatching(/^listen tcp: lookup no\.such\.invalid/)),
      ),
      get('/proxies', 200, {}),
    ],
  },
  {
    group: 'B',
    title: 'a listener on all interfaces is told as both families in one',
    steps: [
      post(
        '/proxies',
        { ...p, listen: '0.0.0.0:0' },
        201,
        expect.objectContaining({ listen: expect.stringMatching(/^(\[::\]|0\.0\.0\.0):\d+$/) }),
      ),
    ],
  },
  {
    group: 'B',
    title: 'a listener without an address is on loopback',
    decision: 'no address means 127.0.0.1, not all interfaces',
    steps: [
      post('/proxies', { name: 'p', upstream: 'u:1' }, 201, expect.objectContaining({ listen: bound }), {
        toxiproxy: {
          body: expect.objectContaining({ listen: expect.stringMatching(/^(\[::\]|0\.0\.0\.0):\d+$/) }),
        },
      }),
    ],
  },
  {
    group: 'C',
    title: 'populate creates in order, enabled unless told otherwise',
    steps: [
      post('/populate', [p, { ...off, name: 'q' }], 201, {
        proxies: [
          expect.objectContaining({ name: 'p', enabled: true, listen: bound }),
          expect.objectContaining({ name: 'q', enabled: false, listen: '127.0.0.1:0' }),
        ],
      }),
    ],
  },
  {
    group: 'C',
    title: 'populate checks everything before it does anything',
    steps: [
      post(
        '/populate',
        [p, { upstream: 'u:1' }],
        400,
        { ...error(400, 'missing required field: name at proxy 2'), proxies: null },
        {
          answerHeaders: { 'content-type': 'application/json' },
        },
      ),
      post('/populate', [{ name: 'p' }, p], 400, {
        ...error(400, 'missing required field: upstream at proxy 1'),
        proxies: null,
      }),
      post('/populate', {}, 400, { ...badBody, proxies: null }),
      get('/proxies', 200, {}),
    ],
  },
  {
    group: 'C',
    title: 'populate stops at the first that cannot be bound, and tells how far it came',
    steps: [
      post('/populate', [p, { ...p, name: 'q', listen: 'local373' }, { ...p, name: 'r' }], 500, {
        ...error(500, 'listen tcp: address local373: missing port in address'),
        proxies: [expect.objectContaining({ name: 'p' })],
      }),
      get('/proxies', 200, { p: expect.anything() }),
    ],
  },
  {
    group: 'C',
    title: 'populating nothing answers an empty list',
    decision: 'an empty list, not null: clients iterate over it',
    steps: [
      post('/populate', [], 201, { proxies: [] }, { toxiproxy: { body: { proxies: null } } }),
      post('/populate', 'null', 201, { proxies: [] }, { toxiproxy: { body: { proxies: null } } }),
    ],
  },
  {
    group: 'C',
    title: 'a proxy that differs is replaced without its toxics, the rest is left alone',
    steps: [
      post('/populate', [off, { ...off, name: 'q' }], 201),
      post('/proxies/p/toxics', { type: 'noop' }, 200),
      post('/proxies/q/toxics', { type: 'noop' }, 200),
      post('/populate', [{ ...off, upstream: 'other:1' }], 201, {
        proxies: [expect.objectContaining({ upstream: 'other:1', toxics: [] })],
      }),
      get('/proxies/q', 200, expect.objectContaining({ toxics: [expect.anything()] })),
    ],
  },
  {
    group: 'C',
    title: 'a proxy that is there as asked keeps its toxics and its being disabled',
    steps: [
      post('/proxies', off, 201),
      post('/proxies/p/toxics', { type: 'noop' }, 200),
      patch('/proxies/p', { enabled: true, listen: '127.0.0.1:0' }, 200),
      patch('/proxies/p', { enabled: false }, 200),
      get('/proxies/p', 200, expect.objectContaining({ enabled: false, toxics: [expect.anything()] })),
    ],
  },
  {
    group: 'C',
    title: 'a disabled proxy with a host name is recognised when it is populated again',
    decision: 'spellings of one address are equal: nothing is replaced needlessly',
    steps: [
      post('/populate', [{ ...off, listen: 'localhost:1' }], 201),
      post('/proxies/p/toxics', { type: 'noop' }, 200),
      post(
        '/populate',
        [{ ...off, listen: 'localhost:1' }],
        201,
        { proxies: [expect.objectContaining({ toxics: [expect.anything()] })] },
        {
          toxiproxy: { body: { proxies: [expect.objectContaining({ toxics: [] })] } },
        },
      ),
    ],
  },
  {
    group: 'D',
    title: 'an update changes what it names and keeps the rest',
    steps: [
      post('/proxies', off, 201),
      post(
        '/proxies/p',
        { upstream: 'other:2', name: 'renamed' },
        200,
        expect.objectContaining({ name: 'p', upstream: 'other:2', enabled: false }),
      ),
      patch(
        '/proxies/p',
        { enabled: true },
        200,
        expect.objectContaining({ enabled: true, listen: bound, upstream: 'other:2' }),
      ),
      patch(
        '/proxies/p',
        {},
        200,
        expect.objectContaining({ enabled: true, listen: bound, upstream: 'other:2' }),
      ),
      patch('/proxies/p', { upstream: '' }, 200, expect.objectContaining({ upstream: '' })),
    ],
  },
  {
    group: 'D',
    title: 'an update that has no meaning changes nothing',
    steps: [
      patch('/proxies/none', { enabled: true }, 404, error(404, 'proxy not found')),
      post('/proxies', p, 201),
      patch(
        '/proxies/p',
        { listen: 'local373' },
        500,
        error(500, 'address local373: missing port in address'),
      ),
      patch('/proxies/p', { enabled: 1 }, 400, badBody),
      patch('/proxies/p', '', 400, error(400, 'bad request body: EOF')),
      get('/proxies/p', 200, expect.objectContaining({ enabled: true, listen: bound })),
    ],
  },
  {
    group: 'E',
    title: 'a toxic is created with defaults, listed, shown, updated and deleted',
    steps: [
      post('/proxies', off, 201),
      get('/proxies/p/toxics', 200, []),
      post(
        '/proxies/p/toxics',
        { type: 'latency', attributes: { latency: 100 } },
        200,
        latency({ latency: 100 }),
      ),
      get('/proxies/p/toxics', 200, [latency({ latency: 100 })]),
      patch(
        '/proxies/p/toxics/latency_downstream',
        { attributes: { jitter: 5 }, name: 'x', stream: 'y' },
        200,
        latency({ latency: 100, jitter: 5 }),
      ),
      post(
        '/proxies/p/toxics/latency_downstream',
        { toxicity: 0.5 },
        200,
        latency({ latency: 100, jitter: 5 }, { toxicity: 0.5 }),
      ),
      get(
        '/proxies/p/toxics/latency_downstream',
        200,
        latency({ latency: 100, jitter: 5 }, { toxicity: 0.5 }),
      ),
      remove('/proxies/p/toxics/latency_downstream', 204),
      remove('/proxies/p/toxics/latency_downstream', 404, error(404, 'toxic not found')),
      get('/proxies/p/toxics/latency_downstream', 404, error(404, 'toxic not found')),
      get('/proxies/none/toxics', 404, error(404, 'proxy not found')),
    ],
  },
  {
    group: 'E',
    title: 'every type has all its attributes, zero unless given',
    steps: [
      post('/proxies', off, 201),
      ...Object.entries({
        latency: { latency: 0, jitter: 0 },
        bandwidth: { rate: 0 },
        slow_close: { delay: 0 },
        timeout: { timeout: 0 },
        reset_peer: { timeout: 0 },
        slicer: { average_size: 0, size_variation: 0, delay: 0 },
        limit_data: { bytes: 0 },
        noop: {},
      }).map(([type, attributes]) =>
        post(
          '/proxies/p/toxics',
          { type, attributes: null, stream: null },
          200,
          expect.objectContaining({ attributes, stream: 'downstream' }),
        ),
      ),
    ],
  },
  {
    group: 'E',
    title: 'attributes come first and in their own order',
    steps: [
      post('/proxies', off, 201),
      post('/proxies/p/toxics', { attributes: { jitter: 1, latency: 2 }, type: 'latency' }, 200, undefined, {
        text: '{"attributes":{"latency":2,"jitter":1},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}',
      }),
    ],
  },
  {
    group: 'E',
    title: 'toxicity is a number of single precision, and of any size',
    steps: [
      post('/proxies', off, 201),
      ...[0.2, 1, 0.123456789, 2.5, -1, 0].map((toxicity, index) =>
        post('/proxies/p/toxics', { type: 'noop', name: `t${index}`, toxicity }, 200, undefined, {
          text: expect.stringMatching(
            new RegExp(`"toxicity":${toxicity === 0.123456789 ? '0.12345679' : toxicity}}$`),
          ),
        }),
      ),
    ],
  },
  {
    group: 'E',
    title: 'what is wrong with a toxic is told in order: body, stream, type, name, attributes',
    steps: [
      post('/proxies', off, 201),
      post('/proxies/p/toxics', '', 400, error(400, 'bad request body: EOF')),
      post(
        '/proxies/p/toxics',
        { type: 'no', stream: 'no' },
        400,
        error(400, expect.stringMatching(/^stream was invalid, can be either upstream or downstream$/)),
      ),
      post(
        '/proxies/p/toxics',
        { type: 'noop', stream: '' },
        400,
        error(400, expect.stringMatching(/^stream was invalid/)),
      ),
      post('/proxies/p/toxics', { type: 'no' }, 400, error(400, 'invalid toxic type')),
      post('/proxies/p/toxics', {}, 400, error(400, 'invalid toxic type')),
      post('/proxies/p/toxics', { type: 'latency' }, 200),
      post(
        '/proxies/p/toxics',
        { type: 'latency', attributes: { latency: 'x' } },
        409,
        error(409, 'toxic already exists'),
      ),
      post(
        '/proxies/p/toxics',
        { type: 'latency', stream: 'upstream', name: 'latency_downstream' },
        409,
        error(409, 'toxic already exists'),
      ),
      post('/proxies/p/toxics', { type: 'latency', stream: 'upstream' }, 200),
    ],
  },
  {
    group: 'E',
    title: 'attributes are whole numbers, negative ones too',
    steps: [
      post('/proxies', off, 201),
      ...['1.5', '"5"', 'true', '1e3', '[]', '99999999999999999999'].map((value) =>
        post('/proxies/p/toxics', `{"type":"latency","attributes":{"latency":${value}}}`, 400, badBody),
      ),
      post(
        '/proxies/p/toxics',
        { type: 'latency', attributes: { LATENCY: -5, unknown: 'x' } },
        200,
        latency({ latency: -5 }),
      ),
    ],
  },
  {
    group: 'E',
    title: 'a stream is met in any case and echoed as it was sent',
    steps: [
      post('/proxies', off, 201),
      post(
        '/proxies/p/toxics',
        { type: 'noop', stream: 'UPSTREAM' },
        200,
        expect.objectContaining({ name: 'noop_UPSTREAM', stream: 'UPSTREAM' }),
      ),
    ],
  },
  {
    group: 'E',
    title: 'toxics are listed upstream first, each stream in the order of creation',
    steps: [
      post('/proxies', off, 201),
      ...['d1:downstream', 'u1:upstream', 'd2:downstream', 'u2:upstream'].map((each) => {
        const [name, stream] = each.split(':')
        return post('/proxies/p/toxics', { type: 'noop', name, stream }, 200)
      }),
      get(
        '/proxies/p/toxics',
        200,
        ['u1', 'u2', 'd1', 'd2'].map((name) => expect.objectContaining({ name })),
      ),
    ],
  },
  {
    group: 'E',
    title: 'an update of a toxic is whole or not at all',
    decision: 'an update with one wrong attribute changes none',
    steps: [
      post('/proxies', off, 201),
      post('/proxies/p/toxics', { type: 'latency', attributes: { latency: 1 } }, 200),
      patch(
        '/proxies/p/toxics/latency_downstream',
        { attributes: { latency: 2, jitter: 'x' } },
        400,
        badBody,
      ),
      get('/proxies/p/toxics/latency_downstream', 200, latency({ latency: 1 }), {
        toxiproxy: { body: latency({ latency: 2 }) },
      }),
    ],
  },
  {
    group: 'F',
    title: 'reset enables every proxy and removes every toxic',
    steps: [
      post('/populate', [off, { ...p, name: 'q' }], 201),
      post('/proxies/p/toxics', { type: 'noop' }, 200),
      post('/proxies/q/toxics', { type: 'noop', stream: 'upstream' }, 200),
      post('/reset', 'whatever', 204),
      get('/proxies', 200, {
        p: expect.objectContaining({ enabled: true, toxics: [] }),
        q: expect.objectContaining({ enabled: true, toxics: [] }),
      }),
    ],
  },
]
