import { applicationDefect, type Cell, everyTier, never, nothing, withAgent } from '../cell.ts'
import type { Decidable } from '../label.ts'

/** Defects beside the very trouble that they look like, and observers that are hurt instead of what they observe. */
export function lookAlikeCells(): Cell[] {
  return [
    defect('pool-leak', ['latency=150ms@app/database:0s-'], withAgent),
    defect('slow-query', ['latency=150ms@app/database:0s-'], withAgent),
    defect('slow-query', ['profile:vpc-connector-steady@app/database:0s-'], withAgent),
    defect('event-loop-blocked', ['link-silent@app/analytics:0s-'], withAgent),
    defect('event-loop-blocked', ['latency=100ms@client/app:0s-'], withAgent),
    defect('unavailable-by-bug', ['link-down@app/database:0s-1500ms'], withAgent),
    defect('unavailable-by-bug', ['link-down@app/database#agent:0s-'], never),
    defect('crash-on-message', ['restarted@model:500ms-'], withAgent),
    defect('crash-on-message', ['link-down@client/app:0s-1s'], withAgent),
    // It ends beside a service of ours that is away, and beside one that the platform stopped.
    defect('crash-on-message', ['link-down@app/auth:0s-2s'], withAgent),
    defect('crash-on-message', ['stopped@auth:700ms-2s'], withAgent),
    defect('crash-at-start', ['stopped@auth:0s-'], never),
    defect('memory-growth', ['stopped@analytics:0s-'], withAgent),
    defect('ws-1011', ['reset@app/analytics:0s-'], withAgent),
    defect('ws-never-answers', ['latency=100ms@client/app:0s-'], withAgent),
    defect('ws-never-answers', ['link-silent@app/model:0s-'], never),
    defect('deadlock', ['restarted@database:300ms-'], withAgent),
    defect('sql-syntax', ['link-down@app/database#agent:0s-'], never),
    defect('wrong-answer', ['link-silent@app/database#agent:0s-'], everyTier),
    // The agent's way is hurt for new connections alone: it refuses them, or accepts and says nothing.
    ...['deadlock', 'wrong-answer', 'edge-case-500'].flatMap((name) =>
      ['security-group-deny', 'auth-proxy-false-green'].map((profile) =>
        defect(name, [`profile:${profile}@app/database#agent:0s-`], never),
      ),
    ),
    defect('deadlock', ['link-down@app/database#agent:0s-'], never),
    defect('edge-case-500', ['link-down@app/database#agent:0s-'], never),
    // A name that can't be looked up, beside one that is wrong in the configuration, and one that only the agent misses.
    defect('wrong-host', ['profile:dns-nxdomain@app/analytics:0s-'], withAgent),
    defect('wrong-host', ['profile:dns-nxdomain@app/database:0s-2s'], withAgent),
    defect('wrong-host', ['profile:dns-nxdomain@app/database#agent:0s-'], never),
    defect('deadlock', ['profile:dns-nxdomain@app/database#agent:0s-'], never),
    defect('edge-case-500', ['profile:dns-servfail@app/database:0s-'], never),
    defect('wrong-answer', ['profile:dns-servfail@app/database:0s-'], withAgent),
    defect('wrong-answer', ['stopped@monitor', 'stopped@agent'], everyTier),
    defect('slow-query', ['stopped@monitor', 'stopped@agent'], never),
    defect('pool-leak', ['stopped@monitor', 'stopped@agent', 'link-down@app/analytics:0s-'], never),
    defect('lost-message', ['cpu@runner:0s-'], never),
    defect('wrong-answer', ['cpu@runner:0s-'], never),
    // The runner's own network breaks as well, and heals: what was seen meanwhile comes late.
    ...[
      'wrong-answer',
      'edge-case-500',
      'deadlock',
      'unavailable-by-bug',
      'crash-on-message',
      'ws-never-answers',
    ].map((name) => defect(name, ['link-down@runner/network:0s-2s'], withAgent)),
    defect('event-loop-blocked', ['link-silent@runner/network:0s-2s'], withAgent),
    defect('bad-content-length', ['link-silent@runner/network:0s-2s'], withAgent),
    defect('missing-migration', ['link-down@runner/network:0s-'], never),
    defect('wrong-clock', ['link-down@app/auth:0s-2s'], withAgent),
    defect('wrong-limiter', ['link-silent@app/database:0s-2s'], withAgent),
    defect('bad-content-length', ['reset@client/app:0s-1s'], withAgent),
    defect('missing-await', ['latency=100ms@app/database:0s-'], everyTier),
    defect('retry-storm', ['stopped@model:0s-'], never, 'model.e2e.ts'),
    defect('breaker-never-closes', ['link-silent@app/model:0s-2s'], withAgent, 'model.e2e.ts'),
    // Sound: slow, but within every limit; a pause that no test waits for.
    sound(['latency=100ms@app/database:0s-']),
    sound(['latency=100ms@client/app:0s-']),
    sound(['restarted@analytics:300ms-']),
    sound(['stopped@monitor', 'stopped@agent']),
  ]
}

function defect(name: string, faults: readonly string[], decidable: Decidable, file?: string): Cell {
  return {
    name: `look-alike: ${name} + ${faults.join(' + ')}`,
    family: 'look-alike',
    defect: name,
    truth: applicationDefect,
    decidable,
    bite: file ? 'possible' : 'expected',
    faults,
    defects: [name],
    ...(file && { files: [file] }),
  }
}

function sound(faults: readonly string[]): Cell {
  return {
    name: `sound: ${faults.join(' + ')}`,
    family: 'look-alike',
    defect: null,
    truth: nothing,
    decidable: everyTier,
    bite: 'none',
    faults,
    defects: [],
  }
}
