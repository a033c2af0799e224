import type { CheckedExpectation, ExperimentOutcome } from '#experiment'
import { type ChaosExperiment, type ChaosRun, chaosOutcome, promisesOf } from './chaos-run.ts'
import { text } from './markdown.ts'
import { xml } from './xml.ts'

/** A chaos run as JUnit XML: a suite an experiment, a case a promise. What nobody could check is skipped, never passed. */
export function renderChaosJunit({ experiments, environment }: ChaosRun): string {
  const suites = experiments.map((experiment) => {
    const cases = casesOf(experiment)
    return [
      `  <testsuite name="${xml(experiment.name)}" ${counts(cases)} time="${seconds(experiment)}">`,
      ...cases.map((one) => caseOf(one, experiment)),
      '  </testsuite>',
    ].join('\n')
  })
  const all = counts(experiments.flatMap(casesOf))
  return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="faultline chaos ${xml(environment)}" ${all}>`, ...suites, '</testsuites>'].join('\n')}\n`
}

/** A chaos run in the Common Test Report Format: a test a promise. */
export function renderChaosCtrf({ experiments, environment, span }: ChaosRun): string {
  const cases = experiments.flatMap((experiment) => casesOf(experiment).map((one) => ({ experiment, one })))
  const count = (status: string) => cases.filter(({ one }) => statusOf[one.outcome] === status).length
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'faultline',
    timestamp: new Date(span.from).toISOString(),
    results: {
      tool: { name: 'faultline' },
      summary: {
        tests: cases.length,
        passed: count('passed'),
        failed: count('failed'),
        pending: 0,
        skipped: 0,
        other: count('other'),
        start: Math.round(span.from),
        stop: Math.round(span.to),
      },
      environment: { testEnvironment: environment },
      tests: cases.map(({ experiment, one }) => ({
        name: one.name,
        status: statusOf[one.outcome],
        duration: Math.round(experiment.span.to - experiment.span.from),
        suite: [experiment.name],
        message: messageOf(one),
        rawStatus: one.outcome,
        extra: { seed: experiment.seed, faults: experiment.faults },
      })),
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A chaos run as GitHub shows it in a job's summary. */
export function renderChaosGithub(run: ChaosRun): string {
  const outcome = chaosOutcome(run.experiments.map(({ result }) => result?.outcome))
  const parts = run.experiments.map((experiment) => {
    const rows = casesOf(experiment).map(
      ({ outcome, name, declared, observed, counterExample }) =>
        `| ${outcome} | ${text(name)} | ${text(declared)} | ${text(observed)}${counterExample === undefined ? '' : `, such as ${text(counterExample)}`} |`,
    )
    return [
      `### ${experiment.result?.outcome ?? 'aborted'}: ${text(experiment.name)}`,
      `${text(experiment.faults.join(', ') || 'no fault')} · seed ${experiment.seed}`,
      ['| outcome | promise | promised | seen |', '|---|---|---|---|', ...rows].join('\n'),
    ].join('\n\n')
  })
  return `${[`## ${outcome.toUpperCase()}: chaos on ${text(run.environment)}`, ...parts].join('\n\n')}\n`
}

const statusOf = { held: 'passed', broken: 'failed', inconclusive: 'other', aborted: 'other' } as const

type Case = Omit<CheckedExpectation, 'outcome'> & { readonly outcome: ExperimentOutcome }

/** The promises of an experiment; an experiment that says nothing has a case that says so. */
function casesOf(experiment: ChaosExperiment): readonly Case[] {
  const { result } = experiment
  const promises = promisesOf(experiment)
  const outcome = result?.outcome ?? 'aborted'
  if (outcome === 'held' || outcome === 'broken') return promises
  const observed = result?.reason ?? 'it did not come to its end'
  return [
    ...promises,
    { name: 'the experiment as a whole', declared: 'it says something', observed, outcome },
  ]
}

function caseOf(one: Case, { name }: ChaosExperiment): string {
  const message = xml(messageOf(one))
  const inner = {
    held: '',
    broken: `<failure type="broken" message="${message}"/>`,
    inconclusive: `<skipped message="${message}"/>`,
    aborted: `<error type="aborted" message="${message}"/>`,
  }[one.outcome]
  return `    <testcase name="${xml(one.name)}" classname="${xml(name)}">${inner}</testcase>`
}

function messageOf({ declared, observed, counterExample }: Case): string {
  return `promised ${declared}, seen ${observed}${counterExample === undefined ? '' : `, such as ${counterExample}`}`
}

function counts(cases: readonly Case[]): string {
  const count = (outcome: ExperimentOutcome) => cases.filter((one) => one.outcome === outcome).length
  return `tests="${cases.length}" failures="${count('broken')}" errors="${count('aborted')}" skipped="${count('inconclusive')}"`
}

function seconds({ span }: ChaosExperiment): string {
  return ((span.to - span.from) / 1000).toFixed(3)
}
