import { once } from 'node:events'
import { connect } from 'node:net'
import { deadline, now, orAbort } from '#core'
import type { Snapshot } from '#health'
import type { RunnerSample } from '#probe'
import type { WorkerSettings } from '../worker-settings.ts'
import type { CoordinatorAddress } from './address.ts'
import type { BeginReply, BeginRequest, Begun, FailureNotice, StandingReply } from './guide.ts'
import { type Answer, type OwnerFrame, readFrames, sendFrame, type WorkerFrame } from './wire.ts'

/** How long a worker waits for its owner before it goes on alone. Durations in ms. */
export interface CoordinatorLimits {
  readonly connectMs: number
  /** Longer than an environment takes to come up. */
  readonly welcomeMs: number
  /** Longer than any wait for recovery: the guide bounds that one. */
  readonly beginMs: number
  readonly failedMs: number
}

const defaultLimits: CoordinatorLimits = {
  connectMs: 5000,
  welcomeMs: 600_000,
  beginMs: 300_000,
  failedMs: 30_000,
}

/** A worker's end of the wire. Nothing here rejects or hangs: an owner that is lost or silent leaves the test running, as unknown. */
export interface CoordinatorClient extends AsyncDisposable {
  /** What the owner tells workers to go by; absent where it handed that over before, or isn't there. */
  readonly settings?: WorkerSettings
  begin(test: BeginRequest, signal: AbortSignal): Promise<BeginReply>
  failed(failure: FailureNotice, signal: AbortSignal): Promise<void>
  /** The health of everything right now; no targets when the owner is lost. */
  health(signal: AbortSignal): Promise<Snapshot>
  runnerSample(sample: RunnerSample): void
}

/** The reply of a run that nobody guides: run, as on a good day, knowing nothing. */
export function unguided(): Extract<BeginReply, { kind: 'run' }> {
  return {
    kind: 'run',
    choice: { strategy: 'normal', timeoutFactor: 1, blockedBy: [], because: [], degraded: [] },
    snapshot: { at: now(), targets: [] },
  }
}

export interface JoiningWorker {
  /** `worker:<n>`. */
  readonly worker: string
  readonly pid: number
  readonly limits?: CoordinatorLimits
  /** Ends the connection, and with it any waiting. */
  readonly signal?: AbortSignal
}

/** Connects a worker to its run's owner, and waits until that is ready to guide. */
export async function connectCoordinator(
  address: CoordinatorAddress,
  { worker, pid, limits = defaultLimits, signal }: JoiningWorker,
): Promise<CoordinatorClient> {
  const socket = connect({ port: address.port, host: '127.0.0.1', noDelay: true })
  signal?.addEventListener('abort', () => socket.destroy(), { once: true })
  const waiting = new Map<number, (reply: Answer['reply']) => void>()
  let lastId = 0
  let standing: StandingReply | undefined
  let begun: Begun[] = []
  /** Many small tests begin in one turn of the loop, and are told of together. */
  const tellBegun = () => {
    if (begun.length === 0) return
    sendFrame(socket, { kind: 'begun', tests: begun })
    begun = []
  }
  const welcomed = Promise.withResolvers<WorkerSettings | undefined>()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    welcomed.resolve(undefined)
    standing = undefined
    for (const settle of waiting.values()) settle(undefined)
    waiting.clear()
  })
  readFrames<OwnerFrame>(socket, (frame) => {
    if (frame.kind === 'welcome') welcomed.resolve(frame.settings)
    else if (frame.kind === 'standing') standing = frame.reply
    else waiting.get(frame.id)?.(frame.reply)
  })
  using connecting = deadline(limits.connectMs)
  await once(socket, 'connect', { signal: connecting.signal }).catch(() => socket.destroy())
  sendFrame(socket, { kind: 'hello', token: address.token, worker, pid })
  using welcoming = deadline(limits.welcomeMs)
  const settings = await orAbort(welcomed.promise, welcoming.signal).catch(() => void socket.destroy())
  socket.unref()

  const request = async (frame: (id: number) => WorkerFrame, limitMs: number, signal: AbortSignal) => {
    if (!socket.writable) return undefined
    const id = ++lastId
    tellBegun()
    using limit = deadline(limitMs, signal)
    const reply = new Promise<Answer['reply']>((resolve) => waiting.set(id, resolve))
    sendFrame(socket, frame(id))
    try {
      return await orAbort(reply, limit.signal)
    } catch {
      sendFrame(socket, { kind: 'cancel', id })
      return undefined
    } finally {
      waiting.delete(id)
    }
  }

  return {
    ...(settings && { settings }),
    async begin(test, signal) {
      if (standing && needsNothing(test)) {
        const { testId, n } = test
        if (begun.push({ testId, worker, n }) === 1) setImmediate(tellBegun)
        return standing
      }
      const reply = await request((id) => ({ kind: 'begin', id, test }), limits.beginMs, signal)
      return reply && 'kind' in reply ? reply : unguided()
    },
    async failed(failure, signal) {
      await request((id) => ({ kind: 'failed', id, failure }), limits.failedMs, signal)
    },
    async health(signal) {
      const reply = await request((id) => ({ kind: 'health', id }), limits.connectMs, signal)
      return reply && 'targets' in reply ? reply : { at: now(), targets: [] }
    },
    runnerSample: (sample) => sendFrame(socket, { kind: 'runner-sample', sample }),
    async [Symbol.asyncDispose]() {
      if (socket.destroyed) return
      tellBegun()
      using limit = deadline(1000)
      const sent = once(socket, 'finish', { signal: limit.signal }).catch(() => socket.destroy())
      socket.end()
      await sent
    },
  }
}

/** Whether the answer doesn't depend on the test. */
function needsNothing({ needs, variant, insteadOfBy }: BeginRequest): boolean {
  return variant === undefined && insteadOfBy === undefined && Object.keys(needs).length === 0
}
