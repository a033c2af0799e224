import fc from 'fast-check'
import { maskLikelySecrets, Redactor } from '#core'
import { signalsOfError, signalsOfText } from '#evidence'
import { parseFault } from '#fault'
import { parseEventLine } from '../../framework/environment/events/parse.ts'
import { parseFlags } from '../../framework/fault/proxy/flags.ts'
import { readAgentMessage, readClientMessage } from '../../framework/probe/agent/protocol.ts'
import { readLog } from '../../framework/report/html/log-excerpt.ts'
import { attemptError, isSkip } from '../../framework/vitest/errors.ts'
import { isTransient } from '../../framework/vitest/signals.ts'
import { type Area, mustHold } from './area.ts'
import { near, texts, values } from './inputs.ts'

const service = (name: string, uses: Record<string, 'required'> = {}) => ({
  ...{ name, uses, egress: 'default' },
  owner: 'sut' as const,
  protocol: 'http' as const,
})
const topology = {
  entry: 'app',
  services: { app: service('app', { database: 'required' }), database: service('database') },
}

const failures = near([
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  'AssertionError: expected 42 to be 41 // Object.is equality',
  'FATAL: 57P01 terminating connection due to administrator command',
  'net::ERR_NAME_NOT_RESOLVED at https://app.test/',
  'WebSocket was closed with code 1006 (abnormal)',
  '    at file:///app/test.ts:1:2\n',
  '\u001B[31mHTTP 503 Service Unavailable\u001B[39m',
])
const secretive = near([
  'Authorization: Bearer abc.def',
  '{"password":"a\\"b","token":[ "x" ]}',
  'Set-Cookie: sid=1; Path=/',
  'postgres://app:p%40ss@db:5432/chat?token=x',
  'eyJhbGciOi.eyJzdWIiOi.c2ln',
  'Key (token)=(x) already exists.',
])
const faults = near([
  'link-down@app/database:0s-6s',
  'latency=250ms@client/app:1s-',
  'profile:failover@app/database:before',
  'cpu@runner',
])
const flags = near(['-config', '--port=8474', '-seed', '0x1F', '-host=::1', '-proxy-metrics', '--', '-']).map(
  (text) => text.split(' '),
)
const clientMessages = near(['{"type":"look","id":1,"target":"app","connection":"new","link":"client/app"}'])
const agentMessages = near([
  '{"type":"welcome","version":1,"targets":[{"target":"app","protocol":"http","vantage":"app-side","timeoutMs":1000}]}',
  '{"type":"observation","id":1,"observation":{"target":"app","vantage":"runner","outcome":"ok","phases":{"totalMs":1}}}',
])
const events = near([
  '{"at":"2026-01-01T00:00:00Z","service":"database","kind":"restarted","until":1767225600000,"code":137}',
])

interface ErrorPlan {
  readonly message: unknown
  readonly fields: Record<string, unknown>
  readonly shape: number
}

const fieldNames = ['code', 'cause', 'errors', 'status', 'socket', 'name', 'stack', 'message', 'response']
const errorPlans: fc.Arbitrary<ErrorPlan> = fc.record({
  message: fc.oneof(failures, values),
  fields: fc.dictionary(fc.constantFrom(...fieldNames), values),
  shape: fc.nat(6),
})

/** Errors as tests throw them: in circles, with fields that refuse to be read, and things that are no errors. */
function errorOf({ message, fields, shape }: ErrorPlan): unknown {
  const error: Record<string, unknown> = Object.assign(Object.create(Error.prototype), fields, { message })
  const refuse = () => {
    throw new Error('not to be read')
  }
  switch (shape) {
    case 0:
      return Object.assign(error, { cause: error })
    case 1:
      return Object.assign(error, { errors: [error, { cause: error }] })
    case 2:
      for (const key of fieldNames) Object.defineProperty(error, key, { get: refuse })
      return error
    case 3:
      return new Proxy(error, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse })
    case 4:
      return message
    case 5:
      return Object.assign(Object.create(null), fields)
    default:
      return error
  }
}

function reader<Input>(
  name: string,
  weight: number,
  inputs: fc.Arbitrary<Input>,
  door: (input: Input) => unknown,
): Area {
  const hold = mustHold(door)
  return {
    name,
    weight,
    run: ({ runs, seed }) => fc.assert(fc.asyncProperty(inputs, hold), { numRuns: runs, seed }),
  }
}

/** The doors that read a text or a value, and touch nothing else. */
export const readers: readonly Area[] = [
  reader('signals of a text', 5, failures, (text) => signalsOfText(text)),
  reader('signals of an error', 3, errorPlans, (plan) => signalsOfError(errorOf(plan))),
  reader('what an attempt keeps of an error', 3, errorPlans, (plan) => {
    const error = errorOf(plan)
    isTransient(error)
    isSkip(error)
    attemptError({ error, phase: 'act', at: 0 }, 'a.test.ts')
  }),
  reader('the grammar of faults', 20, faults, (text) => parseFault(text, topology)),
  reader('flags of the proxy', 10, flags, parseFlags),
  reader('what an agent’s client says', 12, fc.oneof(clientMessages, texts), readClientMessage),
  reader('what an agent says', 12, fc.oneof(agentMessages, texts), readAgentMessage),
  reader('events of a platform', 12, fc.oneof(events, texts), (line) =>
    parseEventLine(line, topology, Date.UTC(2026, 1)),
  ),
  reader('logs of services', 8, fc.oneof(failures, secretive, texts), readLog),
  reader('masks for secrets', 4, secretive, (text) => {
    const redactor = new Redactor()
    redactor.addUrl(text)
    redactor.addCredential(text)
    redactor.addVariables({ TOKEN: text, URL: text })
    return maskLikelySecrets(redactor.text(text))
  }),
]
