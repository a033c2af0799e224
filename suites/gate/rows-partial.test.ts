import { describe, expect, test } from 'vitest'
import { classesOf, gate, gist } from './gate-command.ts'

// Two at a time: most of each is waiting.
describe.concurrent('infrastructure that is hurt in part', () => {
  test('a database that is slow for a time fails a test that the rerun clears', async () => {
    const run = await gate(['--inject', 'latency=600ms@app/database:0s-8s'])
    expect(gist(run).exit).toBe(0)
    const verdicts = run.report.tests.filter((each) => each.cleared).map((each) => each.verdict)
    expect(
      verdicts.every((each) => each?.class === 'infrastructure' && each.subject === 'app/database'),
    ).toBe(true)
    expect((await run.judgedAt('T2')).decision).toBe('pass')
  })

  test('a path that refuses new connections holds nothing back while the application is ready over those it has', async () => {
    const run = await gate(['--inject', 'profile:security-group-deny@app/database'])
    expect(run.exitCode).toBe(0)
    expect(run.report.tests.some((each) => each.outcome === 'blocked')).toBe(false)
  })

  test('the runner’s own network, away for a time, is told from staging by what the agent saw meanwhile', async () => {
    const run = await gate(['--inject', 'link-down@runner/network:0s-3s'])
    expect(run.exitCode).toBe(0)
    const verdicts = run.report.tests.flatMap(({ cleared, verdict }) => (cleared && verdict ? [verdict] : []))
    expect(new Set(verdicts.map(({ subject, reason }) => `${subject} ${reason}`))).toEqual(
      new Set(['runner runner-network']),
    )
    expect((await run.judgedAt('T2')).decision).toBe('pass')
  })

  test('an application that has lost its connections is excused by a name that is gone, with and without a platform', async () => {
    const faults = ['dns-nxdomain@app/database', 'reset@app/database:0s-2s']
    const run = await gate(faults.flatMap((fault) => ['--inject', fault]))
    expect(run.exitCode).toBe(75)
    const found = run.report.incidents.map(({ verdict }) => `${verdict.subject} ${verdict.reason}`)
    expect(new Set(found)).toEqual(new Set(['app/database link-down']))
    expect((await run.judgedAt('T2')).decision).toBe('hold')
  })

  test.for([
    ['a name of the database that is gone', 'dns-nxdomain@app/database'],
    ['new connections that are refused to the agent alone', 'profile:security-group-deny@app/database#agent'],
    ['the runner’s own network', 'link-down@runner/network:0s-3s'],
    ['a dead instance of the connector', 'profile:connector-instance-dead@app/database'],
  ] as const)('no wrong answer is excused by %s', async ([, fault]) => {
    const run = await gate(['--inject', fault], { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toContain('application')
  })

  test('a database that is away for the agent alone excuses no 503 that blames it', async () => {
    const run = await gate(['--inject', 'link-down@app/database#agent'], {
      FIXTURE_DEFECTS: 'unavailable-by-bug',
    })
    expect([1, 3]).toContain(run.exitCode)
    expect(classesOf(run)).not.toContain('infrastructure')
  })

  test('a database that is slow for the agent alone excuses nothing', async () => {
    const run = await gate(['--inject', 'latency=600ms@app/database#agent'], { FIXTURE_DEFECTS: 'deadlock' })
    expect([1, 3]).toContain(run.exitCode)
    expect(classesOf(run)).not.toContain('infrastructure')
  })

  test('a slow database excuses no pool that leaks', async () => {
    const run = await gate(['--inject', 'latency=200ms@app/database:0s-8s'], { FIXTURE_DEFECTS: 'pool-leak' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toContain('application')
  })
})

test('a database that the application has filled is the application’s fault, by the server’s own count', async () => {
  const run = await gate([], { FIXTURE_DEFECTS: 'slot-exhaustion' })
  expect(run.exitCode).toBe(1)
  expect(run.report.incidents.map(({ verdict }) => verdict.reason)).toContain('slots-taken')
  expect((await run.judgedAt('T2')).decision).toBe('block')
})
