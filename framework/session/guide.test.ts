import { expect, test } from 'vitest'
import type { Snapshot } from '#health'
import type { NewRecord } from '#journal'
import { createGuide } from './guide.ts'

const well: Snapshot = {
  at: 0,
  targets: [{ target: 'app', link: 'client/app', vantage: 'runner', status: 'healthy', since: 0 }],
}

const away: Snapshot = {
  at: 0,
  targets: well.targets.map((view) => ({ ...view, status: 'unavailable' as const })),
}

function guided(snapshot: Snapshot, contradicted: readonly string[] = []) {
  const written: NewRecord[] = []
  let current = snapshot
  let changed = () => {}
  const guide = createGuide({
    watch: {
      monitor: { snapshot: () => current, waitUntil: async () => false, round: async () => {} },
      onHealthChange(listener: () => void) {
        changed = listener
      },
    },
    topology: {
      entry: 'app',
      services: {
        app: { name: 'app', owner: 'sut', protocol: 'http', egress: 'net', uses: { database: 'required' } },
        auth: { name: 'auth', owner: 'sut', protocol: 'http', egress: 'net', uses: { database: 'required' } },
        database: { name: 'database', owner: 'platform', protocol: 'postgres', egress: 'net', uses: {} },
      },
    },
    policy: {
      ...{ recoveryWaitMs: 0, onRequiredDown: 'graceful-skip', timeoutMultiplier: 1.5 },
      ...{ retries: 0, retryDelayMs: 0 },
    },
    journal: { append: (record: NewRecord) => void written.push(record) },
    signal: new AbortController().signal,
    isContradicted: (service: string) => contradicted.includes(service),
    async onFirstTest() {},
  } as unknown as Parameters<typeof createGuide>[0])
  const begin = (required?: string) =>
    guide.begin(
      { testId: 'a', needs: required ? { [required]: 'required' } : {}, worker: 'worker:1', n: 2 },
      AbortSignal.timeout(1_000),
    )
  const becomes = (next: Snapshot) => {
    current = next
    changed()
  }
  return { guide, begin, written, becomes }
}

test('an attempt is written down when it begins, so that one whose worker is killed is known', async () => {
  const { begin, written } = guided(well)
  expect(await begin()).toMatchObject({ kind: 'run' })
  expect(written).toEqual([
    { source: 'worker:1', kind: 'attempt-started', data: { testId: 'a', n: 2, worker: 'worker:1' } },
  ])
})

test('how a test without needs proceeds stands from the first test on, and is withdrawn while it would be blocked', async () => {
  const { guide, begin, becomes } = guided(well)
  const told: (string | undefined)[] = []
  using _standing = guide.standing?.on((reply) => void told.push(reply?.choice.strategy))
  await begin()
  becomes(away)
  becomes(well)
  expect(told).toEqual([undefined, 'normal', undefined, 'normal'])
})

test('a test that is blocked has no attempt', async () => {
  const { begin, written } = guided(away)
  expect(await begin()).toMatchObject({ kind: 'blocked' })
  expect(written.filter(({ kind }) => kind === 'attempt-started')).toEqual([])
})

const databaseAway: Snapshot = {
  at: 0,
  targets: [
    ...well.targets,
    {
      ...{ target: 'database', link: 'app/database', vantage: 'app-side', since: 0 },
      ...{ status: 'unavailable', deadOn: 'new' },
    },
  ],
}

test('what refuses new connections alone blocks, unless the application says that it is ready', async () => {
  const onNew: Snapshot = {
    ...databaseAway,
    targets: databaseAway.targets.map((view) =>
      view.target === 'database' ? { ...view, status: 'critical' } : view,
    ),
  }
  expect(await guided(onNew).begin()).toMatchObject({ kind: 'blocked' })
  expect(await guided(onNew, ['database']).begin()).toMatchObject({ kind: 'run' })
})

test('what the application says of its own way excuses no outage of another’s', async () => {
  const ofAuth: Snapshot = {
    ...databaseAway,
    targets: databaseAway.targets.map((view) =>
      view.target === 'database' ? { ...view, link: 'auth/database' } : view,
    ),
  }
  expect(await guided(ofAuth, ['database']).begin('auth')).toMatchObject({ kind: 'blocked' })
})

test('a test whose database is away is blocked; one whose application contradicts that runs, with patience', async () => {
  expect(await guided(databaseAway).begin()).toMatchObject({
    kind: 'blocked',
    choice: { blockedBy: ['database'] },
  })
  expect(await guided(databaseAway, ['database']).begin()).toMatchObject({
    kind: 'run',
    choice: { strategy: 'conservative', because: ['database degraded'] },
  })
})
