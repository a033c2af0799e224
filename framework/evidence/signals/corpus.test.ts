import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Signal, SignalKind } from '../signal.ts'
import { signalsOfText } from './text.ts'

interface Label {
  readonly kind: SignalKind
  readonly code: string
  readonly host?: string
  readonly port?: number
}

interface Sample {
  readonly id: string
  readonly text: string
  readonly signals: readonly Label[]
}

const corpus = new URL('../../../fixtures/corpus/failures.jsonl', import.meta.url)
const samples = readFileSync(corpus, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)

const exactKinds: readonly SignalKind[] = ['errno', 'sqlstate', 'ws-close', 'http-status', 'net-err', 'tls']

const found = samples.flatMap((sample) => {
  const signals = signalsOfText(sample.text)
  return sample.signals.map((label) => ({ id: sample.id, label, signals }))
})

const isExact = (label: Label, signal: Signal) => signal.kind === label.kind && signal.code === label.code
const isSame = (label: Label, signal: Signal) =>
  signal.code === label.code || signal.match.includes(label.code)

function measure(cases: typeof found, same: (label: Label, signal: Signal) => boolean) {
  const missed = cases.filter(({ label, signals }) => !signals.some((signal) => same(label, signal)))
  return {
    share: 1 - missed.length / cases.length,
    missed: missed.map(({ id, label }) => `${id} ${label.kind} ${label.code}`),
  }
}

test('codes are found exactly', () => {
  const cases = found.filter(({ label }) => exactKinds.includes(label.kind))
  const { share, missed } = measure(cases, isExact)
  expect(share, missed.join('\n')).toBeGreaterThanOrEqual(0.97)
})

test('everything else is found by its words', () => {
  const cases = found.filter(({ label }) => !exactKinds.includes(label.kind))
  const { share, missed } = measure(cases, isSame)
  expect(share, missed.join('\n')).toBeGreaterThanOrEqual(0.95)
})

test('host and port are found where the text has them', () => {
  const cases = found.filter(({ label }) => label.host !== undefined)
  const { share, missed } = measure(
    cases,
    (label, signal) => isSame(label, signal) && signal.host === label.host && signal.port === label.port,
  )
  expect(share, missed.join('\n')).toBeGreaterThanOrEqual(0.95)
})

test('few signals are found that nobody labelled', () => {
  const unlabelled = samples.flatMap((sample) =>
    signalsOfText(sample.text)
      .filter((signal) => !sample.signals.some((label) => isSame(label, signal)))
      .map((signal) => `${sample.id} ${signal.stableCode} ${signal.code}`),
  )
  console.log(`${unlabelled.length} signals that nobody labelled, in ${samples.length} texts`)
  expect(unlabelled.length, unlabelled.join('\n')).toBeLessThan(samples.length / 4)
})
