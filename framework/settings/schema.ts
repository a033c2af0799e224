import * as z from 'zod'
import { Secret } from '#core'

// The shape of a configuration, key by key: every object is strict, so that a mistyped key is a mistake that is named.

const need = z.enum(['required', 'optional'])
const owner = z.enum(['sut', 'platform', 'external'])
const milliseconds = z.number().int().min(0)
const name = z.string().min(1)
/** A breaker that stays open longer than this excuses nothing any more. */
const recovery = milliseconds.max(120_000).optional()
const readiness = z
  .strictObject({ path: z.string().startsWith('/'), covers: z.array(z.string().min(1)) })
  .optional()
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
const port = z.number().int().min(1).max(65_535)
const secret = z.instanceof(Secret, { error: 'expected secret(…), so that it is never printed' })

const postgresService = z.strictObject({
  kind: z.literal('postgres'),
  version: z.literal(18),
  owner,
  egress: name,
})
const nodeService = z.strictObject({
  kind: z.literal('node'),
  file: name,
  owner,
  egress: name,
  uses: z.record(name, z.strictObject({ variable: name, need })),
  env: z.record(name, z.string()),
  inherit: z.array(name),
  health: z.string().startsWith('/'),
  recoveryWithinMs: recovery,
  readiness,
})
const givenService = z.strictObject({
  kind: z.literal('given'),
  url: z.union([name, secret]),
  owner,
  egress: name,
  health: z.string().startsWith('/'),
  container: z.strictObject({ id: name, port }).optional(),
})
const composeService = z.strictObject({
  kind: z.literal('compose'),
  file: name,
  service: name,
  port,
  url: z.union([name, secret]),
  owner,
  egress: name,
  health: z.string().startsWith('/'),
})
const ownServices = z.record(
  name,
  z.discriminatedUnion('kind', [postgresService, nodeService, givenService, composeService]),
)
const embedded = z.strictObject({ kind: z.literal('embedded'), entry: name, services: ownServices })
const containers = z.strictObject({
  kind: z.literal('containers'),
  entry: name,
  services: ownServices,
  images: z.strictObject({ postgres: name, toxiproxy: name, node: name }),
})

const remoteService = z.strictObject({
  owner,
  protocol: z.enum(['http', 'postgres', 'tcp']),
  uses: z.record(name, need),
  egress: name,
  url: z
    .union([z.url(), secret], { error: 'expected a URL, or secret(URL) when it holds a password' })
    .optional(),
  health: z.string().startsWith('/'),
  recoveryWithinMs: recovery,
  readiness,
})
const remote = z.strictObject({
  kind: z.literal('remote'),
  entry: name,
  services: z.record(name, remoteService),
  agent: z
    .strictObject({ url: z.url({ error: 'expected the agent’s URL, ws://host:port' }), token: secret })
    .optional(),
  control: httpUrl.optional(),
  events: z
    .union(
      [
        z.strictObject({ command: z.array(name).min(1) }),
        z.strictObject({ url: httpUrl, headers: z.record(name, z.union([name, secret])).optional() }),
      ],
      { error: 'expected { command: [program, …arguments] } or { url, headers? }' },
    )
    .optional(),
  faults: z.enum(['refused', 'allowed']),
})

const probe = z.strictObject({
  protocol: z.enum(['http', 'postgres', 'tcp', 'tls', 'dns', 'websocket', 'custom']),
  address: z.union([name, secret], {
    error: 'expected an address, or secret(address) when it holds a password',
  }),
  timeoutMs: milliseconds.optional(),
  slowMs: milliseconds.optional(),
})

/** The policy, as a user may write it. */
const policy = z.strictObject({
  recoveryWaitMs: milliseconds.optional(),
  onRequiredDown: z.enum(['graceful-skip', 'fail-fast']).optional(),
  timeoutMultiplier: z.number().min(1).optional(),
  retries: z.number().int().min(0).optional(),
  retryDelayMs: milliseconds.optional(),
  minimumTests: z.number().int().min(1).optional(),
  onRaceSuspected: z.enum(['undecided', 'block']).optional(),
  rerunPasses: z.number().int().min(1).optional(),
})

const change = z.strictObject({ tests: z.array(name).optional(), application: z.array(name).optional() })
const baseline = z.strictObject({
  url: httpUrl.refine((url) => !url.includes('@'), 'expected a URL without a user or password'),
  health: z.string().startsWith('/').optional(),
  environment: name.optional(),
})
const history = z.strictObject({ file: name.optional() })

/** What `faultline.config.ts` must export by default. */
export const configSchema = z.strictObject(
  {
    environments: z
      .record(
        name,
        z.discriminatedUnion('kind', [embedded, containers, remote], {
          error: 'expected defineEnvironment(…), containers(…) or remote(…)',
        }),
      )
      .refine((environments) => Object.keys(environments).length > 0, {
        error: 'expected at least one environment',
      }),
    root: name.optional(),
    defaultEnvironment: name.optional(),
    tests: z.array(name).min(1),
    probes: z.record(name, probe).optional(),
    vitestConfig: name.optional(),
    policy: policy.optional(),
    change: change.optional(),
    baseline: baseline.optional(),
    knownIssues: name.optional(),
    history: history.optional(),
    sampling: z.strictObject({ intervalMs: z.number().int().min(50).optional() }).optional(),
    onHealthChange: z.function().optional(),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'expected `export default defineConfig({ … })`' : undefined,
  },
)
