import fc from 'fast-check'
import { expect, test } from 'vitest'
import { projectEvidence } from '#evidence'
import type { JournalRecord } from '#journal'
import type { Attempt, TestDefinition } from '#run'
import { anyWorld, end, failure, links, outageOn } from '../arbitrary.test-data.ts'
import { type Findings, readerOf } from '../findings/findings.ts'
import { judge } from '../judge.ts'
import { failureTrouble } from '../trouble.ts'
import type { VerdictClass } from '../verdict.ts'
import { viewOf } from '../view.ts'
import { definition, recordsOf, type Span, t0, type World } from '../world.test-data.ts'
import { hits } from './guard.ts'
import { strikesOn } from './index.ts'

const classes: readonly VerdictClass[] = ['application', 'infrastructure', 'test']
const subjects = [
  'app',
  'database',
  'auth',
  'model',
  'analytics',
  'runner',
  ...links,
  'app/analytics',
  'anything',
]

interface Allowed {
  readonly attempt: Attempt
  readonly findings: Findings
  /** Everything that the guards would let any rule say: `class subject`. */
  readonly said: readonly string[]
}

/** What could be said of each failed attempt by the most eager rules: the guards alone stand in the way. */
function allowed(world: World, needs: TestDefinition['needs'] = {}): Allowed[] {
  const view = viewOf(projectEvidence(recordsOf(world)))
  const read = readerOf(view)
  return view.evidence.attempts
    .filter((each) => each.outcome === 'failed')
    .map((each) => {
      const findings = read(failureTrouble(view, each, definition(each.testId, needs)))
      const strikes = strikesOn(findings)
      const said = classes.flatMap((verdict) =>
        subjects
          .filter((subject) => !strikes.some((strike) => hits(strike, { class: verdict, subject })))
          .map((subject) => `${verdict} ${subject}`),
      )
      return { attempt: each, findings, said }
    })
}

function windowOf(findings: Findings): Span {
  const { from, to } = findings.trouble.window
  return { from: from - t0, to: to - t0 }
}

const touches = (a: Span, b: Span, slackMs = 0) => a.from - slackMs <= b.to && b.from <= a.to + slackMs
const covers = (a: Span, b: Span) => a.from <= b.from && b.to <= a.to
const excuses = (said: readonly string[]) => said.filter((each) => each.startsWith('infrastructure'))
const blames = (said: readonly string[]) => said.filter((each) => each.startsWith('application'))
const isWrongValue = (each: Attempt) => each.signals.some((found) => found.family === 'wrong-value')
const holds = (world: fc.Arbitrary<World>, check: (world: World) => void) =>
  fc.assert(fc.property(world, check), { numRuns: 150 })

/** Two intervals and a gap: how far a look can lie from what it saw. */
const slackMs = 1_500

test('G1: what nobody outside saw fail on the path at that time is never infrastructure, whatever the signals and claims', () => {
  holds(anyWorld(), (world) => {
    for (const { findings, said } of allowed(world)) {
      const window = windowOf(findings)
      const seen = [
        ...world.outages.filter((each) => each.on !== 'app/analytics'),
        ...world.slow,
        ...world.starved,
        ...world.ends,
      ]
      if (!seen.some((each) => touches(each, window, slackMs))) expect(excuses(said)).toEqual([])
    }
  })
})

test('G1: an optional service that wasn’t seen to be used excuses nothing', () => {
  const outages = fc.array(outageOn(['app/analytics']), { minLength: 1, maxLength: 3 })
  const world = fc.tuple(anyWorld({ starved: [], ends: [], slow: [] }), outages)
  holds(
    world.map(([base, away]) => ({ ...base, outages: away })),
    (each) => {
      for (const { said } of allowed(each)) expect(excuses(said)).toEqual([])
    },
  )
})

test('G1: a wrong value in an answer that arrived is never infrastructure', () => {
  holds(anyWorld(), (world) => {
    for (const { attempt, said } of allowed(world))
      if (isWrongValue(attempt)) expect(excuses(said)).toEqual([])
  })
})

test('G1: only a subject that was itself seen failing is named', () => {
  holds(anyWorld({ ends: [] }), (world) => {
    for (const { findings, said } of allowed(world)) {
      const near = [...world.outages, ...world.slow].filter((each) =>
        touches(each, windowOf(findings), slackMs),
      )
      const named = near.flatMap(({ on }) =>
        on === 'control' ? ['runner'] : [on, on.slice(on.indexOf('/') + 1)],
      )
      for (const excuse of excuses(said))
        expect([...named, ...(world.starved.length > 0 ? ['runner'] : [])]).toContain(excuse.split(' ')[1])
    }
  })
})

test('G1: an application that ended or restarted meanwhile is excused by nothing', () => {
  const ended = end.filter((each) => each.by === 'itself' && each.to - each.from > 800)
  holds(
    fc.tuple(anyWorld({ gaps: [] }), ended).map(([world, each]) => ({ ...world, ends: [each] })),
    (world) => {
      for (const { findings, said } of allowed(world))
        if (touches(world.ends[0]!, windowOf(findings))) expect(excuses(said)).toEqual([])
    },
  )
})

test('G1: an application that hangs isn’t excused by the runner or the edge', () => {
  const hung = end.map((each) => ({ ...each, by: 'hang' as const, to: each.from + 5_000 }))
  holds(
    fc.tuple(anyWorld({ gaps: [] }), hung).map(([world, each]) => ({ ...world, ends: [each] })),
    (world) => {
      for (const { findings, said } of allowed(world))
        if (covers(world.ends[0]!, windowOf(findings))) {
          expect(said).not.toContain('infrastructure client/app')
          expect(said).not.toContain('infrastructure runner')
        }
    },
  )
})

test.each(['T0', 'T1'] as const)(
  'G1: without looks from the application’s side nothing of the environment is excused, at %s',
  (tier) => {
    holds(anyWorld({ tier }), (world) => {
      for (const { said } of allowed(world))
        expect(excuses(said).filter((each) => each !== 'infrastructure runner')).toEqual([])
    })
  },
)

test('G2: what fails while something required is away is not the application’s, but for what it showed itself', () => {
  const away = outageOn(['app/database', 'app/model']).map((each) => ({
    ...each,
    outcome: 'refused' as const,
  }))
  holds(
    fc.tuple(anyWorld({ ends: [] }), away).map(([world, each]) => ({ ...world, outages: [each] })),
    (world) => {
      for (const { attempt, findings, said } of allowed(world))
        if (covers(world.outages[0]!, windowOf(findings)) && !isWrongValue(attempt))
          expect(blames(said).filter((each) => each !== 'application auth')).toEqual([])
    },
  )
})

test('G3: without a mistake of its own no test is to blame', () => {
  holds(anyWorld(), (world) => {
    for (const { attempt, said } of allowed(world)) {
      const own = attempt.errors.some((error) => error.frame === 'test') || attempt.ownTimeoutMs !== undefined
      if (!own) expect(said.filter((each) => each.startsWith('test'))).toEqual([])
    }
  })
})

test('G4: with the wrong build, or two builds, nothing is said at all', () => {
  holds(anyWorld({ release: 'b2', gaps: [], outages: [], ends: [] }), (world) => {
    for (const { said } of allowed(world)) expect(said).toEqual([])
  })
  holds(anyWorld({ builds: ['b1', 'b2'], gaps: [], outages: [], ends: [] }), (world) => {
    for (const { said } of allowed(world)) expect(said).toEqual([])
  })
})

test('G5: what fell into a gap is neither cleared nor the environment’s', () => {
  const inGap = failure('a').chain((each) => {
    const from = each.startedAt - t0
    return anyWorld({
      attempts: [each],
      ends: [],
      tier: 'T2',
      gaps: [{ from: from - 2_000, to: from + each.durationMs + 2_000 }],
    })
  })
  holds(inGap, (world) => {
    for (const { attempt, said } of allowed(world)) {
      if (attempt.n > 1) continue
      expect(excuses(said).filter((each) => each !== 'infrastructure runner')).toEqual([])
      if (!isWrongValue(attempt)) expect(blames(said)).toEqual([])
    }
  })
})

const injections: readonly string[] = [
  'fault-requested',
  'fault-on',
  'fault-off',
  'process-stop',
  'defects',
  'ledger',
]

test('G6: what was injected changes nothing, whatever it is called and whether it is recorded', () => {
  const record = fc.tuple(fc.constantFrom(...injections), fc.integer({ min: 0, max: 20_000 }), fc.json()).map(
    ([kind, at, data]): JournalRecord => ({
      at: t0 + at,
      source: 'fault',
      kind,
      data: JSON.parse(data) as unknown,
    }),
  )
  fc.assert(
    fc.property(anyWorld(), fc.array(record, { maxLength: 8 }), fc.string(), (world, added, name) => {
      const records = recordsOf(world)
      const told = records.map((each) =>
        each.kind === 'platform-event'
          ? { ...each, source: 'fault', data: { ...(each.data as object), because: name, injected: true } }
          : each.kind === 'run-started'
            ? { ...each, data: { ...(each.data as object), environment: name, defects: [name] } }
            : each,
      )
      expect(judge(projectEvidence([...added, ...told]))).toEqual(judge(projectEvidence(records)))
    }),
    { numRuns: 60 },
  )
})

test('G7: a service of ours behind a link is never excused without a view of it running', () => {
  const away = outageOn(['app/auth'])
  holds(
    fc
      .tuple(anyWorld({ tier: 'T2', starved: [], ends: [], slow: [] }), away)
      .map(([world, each]) => ({ ...world, outages: [each] })),
    (world) => {
      for (const { said } of allowed(world)) expect(excuses(said)).toEqual([])
    },
  )
})

test('G7: a service of ours that is dead leaves another outage in doubt', () => {
  const both = fc
    .tuple(anyWorld({ tier: 'T2', starved: [], ends: [], gaps: [] }), outageOn(['app/auth']))
    .map(([world, { from, to }]) => ({
      ...world,
      outages: [
        { on: 'app/auth' as const, outcome: 'refused' as const, from, to },
        { on: 'app/model' as const, outcome: 'refused' as const, from, to },
      ],
    }))
  holds(both, (world) => {
    for (const { findings, said } of allowed(world))
      if (covers(world.outages[0]!, windowOf(findings))) expect(excuses(said)).toEqual([])
  })
})

test('G8: a test is never excused while a service is away that it says it can do without', () => {
  const besideModel = fc.tuple(anyWorld({ gaps: [] }), outageOn(['app/model'])).map(([world, away]) => ({
    ...world,
    outages: [...world.outages, { ...away, outcome: 'refused' as const }],
  }))
  holds(besideModel, (world) => {
    for (const { findings, said } of allowed(world, { model: 'optional' }))
      if (covers(world.outages.at(-1)!, windowOf(findings))) expect(excuses(said)).toEqual([])
  })
})
