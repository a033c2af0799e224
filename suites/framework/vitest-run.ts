import path from 'node:path'
import type { Snapshot } from '#health'
import type { WorkerSettings } from '#run'
import {
  type Attempt,
  type BeginReply,
  type BeginRequest,
  startCoordinator,
  type TestDefinition,
  unguided,
} from '#run'
import { createVitestHost, type VitestHost } from '../../framework/vitest/host/index.ts'
import { unguidedSettings } from '../../framework/vitest/provided.ts'

/** What one run over a project told, in order. */
export interface Told {
  readonly definitions: readonly TestDefinition[]
  readonly attempts: Attempt[]
  readonly blocked: string[]
  readonly skipped: Record<string, string>
  /** Test ids of failure rounds that were asked for. */
  readonly rounds: string[]
}

/** A host over one of the tiny projects, with the guide that a suite wants. */
export async function hostOver(
  project: string,
  options: {
    begin?: (test: BeginRequest) => BeginReply | Promise<BeginReply>
    health?: () => Snapshot
    importLimitMs?: number
    provide?: Partial<WorkerSettings>
  } = {},
): Promise<
  {
    host: VitestHost
    told: Told
    run(signal?: AbortSignal): Promise<void>
    rerun(ids: string[]): Promise<void>
  } & AsyncDisposable
> {
  const stack = new AsyncDisposableStack()
  const told = {
    definitions: [] as readonly TestDefinition[],
    attempts: [] as Attempt[],
    blocked: [] as string[],
    skipped: {} as Record<string, string>,
    rounds: [] as string[],
  }
  const coordinator = stack.use(
    await startCoordinator({
      begin: async (test) => options.begin?.(test) ?? unguided(),
      failed: async ({ testId }) => void told.rounds.push(testId),
      runnerSample() {},
      health: options.health ?? (() => ({ at: 0, targets: [] })),
    }),
  )
  const host = stack.use(
    createVitestHost({
      root: path.join(import.meta.dirname, 'projects', project),
      globs: ['*.e2e.ts'],
      maxWorkers: 2,
      importLimitMs: options.importLimitMs ?? 20_000,
      provide: { ...unguidedSettings, ...options.provide, coordinator: coordinator.address },
    }),
  )
  const events = {
    attemptEnded: (attempt: Attempt) => void told.attempts.push(attempt),
    blocked: ({ testId }: { testId: string }) => void told.blocked.push(testId),
    skipped: ({ testId, reason }: { testId: string; reason: string }) => {
      told.skipped[testId] = reason
    },
  }
  const never = new AbortController().signal
  told.definitions = await host.discover(never)
  return {
    host,
    told,
    run: (signal = never) => host.run(events, signal),
    rerun: (ids) => host.rerun(ids, events, never),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The attempts of the test whose id ends so. */
export function attemptsOf(told: Told, title: string): Attempt[] {
  return told.attempts.filter(({ testId }) => testId.endsWith(title))
}
