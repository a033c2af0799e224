/** Brings the reference environment up five times and prints where the time goes: `npm run bench:start`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { now, waitFor } from '#core'
import {
  type BringUpStep,
  defineEnvironment,
  keeperCommand,
  node,
  postgres,
  startEmbedded,
} from '#environment'
import { proxyCommand } from '#fault'
import { agentCommand } from '#probe'

const rounds = 5
const root = fileURLToPath(new URL('..', import.meta.url))

const staging = defineEnvironment({
  services: {
    database: postgres({ version: 18 }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    model: node('fixtures/backend/model.ts', { owner: 'external' }),
    analytics: node('fixtures/backend/analytics.ts', { owner: 'external' }),
    app: node('fixtures/backend/main.ts', {
      uses: {
        database: 'DATABASE_URL',
        auth: 'AUTH_URL',
        model: 'MODEL_URL',
        analytics: { variable: 'ANALYTICS_URL', need: 'optional' },
      },
    }),
  },
  entry: 'app',
})

/** Brings it up, waits for the application's first answer, ends it; gives each step's begin and end in ms. */
async function round(): Promise<Map<string, { from: number; to: number }>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'faultline-bench-'))
  const steps = new Map<string, { from: number; to: number }>()
  const begin = now()
  const note = (step: string, from: number, to: number) =>
    steps.set(step, { from: from - begin, to: to - begin })
  try {
    const environment = await startEmbedded(staging, {
      root,
      stateDir,
      entries: {
        keeper: keeperCommand(),
        proxy: proxyCommand(),
        agent: agentCommand(),
      },
      inheritEnv: process.env,
      journal: {
        append({ kind, data }) {
          if (kind !== 'bring-up') return
          const { step, from, to } = data as BringUpStep
          note(step, from, to)
        },
      },
      signal: AbortSignal.timeout(60_000),
    })
    const up = now()
    note('platform up', begin, up)
    await waitFor(() => answers(`${environment.connections.entry}/health/live`), {
      limitMs: 30_000,
      everyMs: 10,
    })
    const ready = now()
    note('application answers', up, ready)
    note('bring-up', begin, ready)
    await environment[Symbol.asyncDispose]()
    note('end', ready, now())
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
  return steps
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const all: Map<string, { from: number; to: number }>[] = []
for (let index = 0; index < rounds; index++) all.push(await round())
const names = [...(all.at(-1)?.keys() ?? [])]
const rows = names.map((step) => {
  const seen = all.map((steps) => steps.get(step)).filter((span) => span !== undefined)
  const fromMs = Math.round(median(seen.map((span) => span.from)))
  return { step, fromMs, tookMs: Math.round(median(seen.map((span) => span.to - span.from))) }
})
console.table(rows.toSorted((a, b) => a.fromMs - b.fromMs))
