import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { FaultlineError, messageOf } from '#core'
import type { CoordinatorAddress } from './address.ts'
import type { RunGuide } from './guide.ts'
import { type Answer, readFrames, sendFrame, type WorkerFrame } from './wire.ts'

/** A peer that hasn't said the token by then is not one of our workers. */
const helloLimitMs = 5000

/** The owner's end of the wire. Disposing it ends every connection; a request that is still open is aborted. */
export interface Coordinator extends AsyncDisposable {
  readonly address: CoordinatorAddress
  /** Process ids of the workers that are connected, by worker name. */
  workers(): ReadonlyMap<string, number>
}

/**
 * Serves test workers on a free port of 127.0.0.1: they join at once, wait for a guide that is yet to come, and go on alone
 * where none does. Rejects with `FL5001` when it can't listen.
 */
export async function startCoordinator(coming: RunGuide | Promise<RunGuide>): Promise<Coordinator> {
  const guide = Promise.resolve(coming)
  // Whoever makes the guide hears of it; here it matters to workers only.
  guide.catch(() => {})
  const token = randomBytes(24).toString('base64url')
  const sockets = new Set<Socket>()
  const workers = new Map<string, number>()
  // A worker waits for each answer, and the next question must not wait for the kernel's acknowledgement.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveWorker(socket, { guide, token, workers })
  })
  server.listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new FaultlineError('FL5001', `the coordinator could not listen: ${messageOf(cause)}`, { cause })
  }
  const { port } = server.address() as AddressInfo
  return {
    address: { port, token },
    workers: () => workers,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Service {
  readonly guide: Promise<RunGuide>
  readonly token: string
  readonly workers: Map<string, number>
}

/** Lets a worker in by its token, and welcomes it as soon as there is a guide. Where none comes, it is turned away. */
function serveWorker(socket: Socket, { guide, token, workers }: Service): void {
  let worker: string | undefined
  let answering: Answering | undefined
  const strangerTimer = setTimeout(() => socket.destroy(), helloLimitMs)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(strangerTimer)
    answering?.end(new Error(`${worker ?? 'a worker'} is gone`))
    if (worker !== undefined) workers.delete(worker)
  })
  const welcome = (given: RunGuide) => {
    if (socket.destroyed) return
    sendFrame(socket, { kind: 'welcome', ...(given.settings && { settings: given.settings }) })
    answering = answerWorker(socket, given)
  }
  readFrames<WorkerFrame>(socket, (frame) => {
    if (worker !== undefined) {
      // Who has to wait for the welcome has nothing to ask before it.
      if (answering) answering.take(frame)
      else socket.destroy()
      return
    }
    if (frame.kind !== 'hello' || !sameToken(frame.token, token)) return void socket.destroy()
    clearTimeout(strangerTimer)
    worker = frame.worker
    workers.set(frame.worker, frame.pid)
    void guide.then(welcome, () => socket.destroy())
  })
}

/** What a welcomed worker asks and tells. */
interface Answering {
  take(frame: WorkerFrame): void
  /** Nobody waits for what is still open. */
  end(reason: Error): void
}

function answerWorker(socket: Socket, guide: RunGuide): Answering {
  const open = new Map<number, AbortController>()
  const standing = guide.standing?.on((reply) =>
    sendFrame(socket, { kind: 'standing', ...(reply && { reply }) }),
  )
  const answer = async (id: number, work: (signal: AbortSignal) => Promise<Answer['reply'] | void>) => {
    const request = new AbortController()
    open.set(id, request)
    const reply = await work(request.signal).catch(() => undefined)
    open.delete(id)
    sendFrame(socket, { kind: 'reply', id, ...(reply ? { reply } : {}) })
  }
  return {
    take(frame) {
      switch (frame.kind) {
        case 'begin':
          return void answer(frame.id, (signal) => guide.begin(frame.test, signal))
        case 'begun':
          for (const test of frame.tests) guide.standing?.begun(test)
          return
        case 'failed':
          return void answer(frame.id, (signal) => guide.failed(frame.failure, signal))
        case 'health':
          return void answer(frame.id, async () => guide.health())
        case 'cancel':
          return open.get(frame.id)?.abort(new Error('the worker no longer waits'))
        case 'runner-sample':
          return guide.runnerSample(frame.sample)
      }
    },
    end(reason) {
      standing?.[Symbol.dispose]()
      for (const request of open.values()) request.abort(reason)
    },
  }
}

function sameToken(given: unknown, expected: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
