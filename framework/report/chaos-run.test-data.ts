import type { JournalRecord } from '#journal'

const began = Date.UTC(2026, 0, 5, 12)

/** What a made-up chaos run is like. */
export interface MadeUpChaos {
  readonly name?: string
  readonly counterExample?: string
  /** The journal breaks off before the experiment's end. */
  readonly torn?: boolean
}

/** The records of a made-up chaos run: ten operations a second over 12 s, which fail while the database's link is down. */
export function chaosRecords({
  name = 'the database goes',
  counterExample = 'post #31',
  torn = false,
}: MadeUpChaos = {}): JournalRecord[] {
  const record = (ms: number, kind: string, data: unknown, source = 'experiment'): JournalRecord => ({
    ...{ at: began + ms, source, kind, data },
  })
  const step = (ms: number, word: string) => record(ms, 'experiment-step', { name, step: word })
  const fault = { fault: 'link-down', target: 'app/database', window: '0s-5s' }
  const view = { target: 'database', link: 'app/database', vantage: 'app-side' }
  const promises = [
    { name: 'recovers', declared: 'within 5000 ms', outcome: 'held', observed: 'after 40 ms' },
    {
      name: 'nothing acknowledged is lost',
      declared: '0 lost',
      outcome: 'broken',
      observed: '1 lost of 30',
      counterExample,
    },
  ]
  const result = {
    ...{ name, outcome: 'broken', seed: 7, expectations: promises, recoveryMs: 40 },
    injections: [{ ...fault, bit: true }],
    rollBack: { proven: true, detail: 'all proxies listen' },
  }
  const records = [
    record(0, 'journal', { format: 'faultline.journal/1' }, 'journal'),
    record(10, 'environment', { name: 'embedded', at: began + 10, intervalMs: 250 }, 'session'),
    record(1_000, 'experiment-started', {
      name,
      seed: 7,
      faults: ['link-down@app/database:0s-5s'],
      ratePerSecond: 10,
    }),
    step(1_000, 'prepare'),
    step(1_100, 'baseline'),
    record(
      1_200,
      'health',
      { ...view, status: 'healthy', before: 'unknown', since: began + 1_200 },
      'monitor',
    ),
    step(4_000, 'inject'),
    record(4_000, 'fault-on', fault, 'fault'),
    step(4_010, 'observe'),
    record(
      4_300,
      'health',
      { ...view, status: 'unavailable', before: 'healthy', since: began + 4_300 },
      'monitor',
    ),
    ...Array.from({ length: 100 }, (_, index) => operation(index)),
    record(9_000, 'fault-off', fault, 'fault'),
    step(9_000, 'roll back'),
    record(9_001, 'fault-bit', { ...fault, bit: true }, 'fault'),
    step(9_050, 'recovery'),
    step(11_500, 'read back'),
    record(12_000, 'experiment-ended', result),
    record(12_500, 'run-ended', { at: began + 12_500 }, 'session'),
  ]
  return torn ? records.filter(({ kind }) => kind !== 'experiment-ended' && kind !== 'run-ended') : records

  function operation(index: number): JournalRecord {
    const startedAt = began + 1_500 + index * 100
    const isDown = startedAt >= began + 4_000 && startedAt < began + 9_000
    const endedAt = startedAt + (isDown ? 900 : 10)
    const outcome = isDown ? { outcome: 'failed', detail: '503' } : { outcome: 'ok' }
    return {
      at: endedAt,
      source: 'experiment',
      kind: 'operation-ended',
      data: { id: index, name: 'post', startedAt, endedAt, ...outcome },
    }
  }
}
