import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { FaultlineError, messageOf } from '#core'
import type { RunGuide } from './guide.ts'
import { type Answer, type CoordinatorAddress, readFrames, sendFrame, type WorkerFrame } from './wire.ts'

/** A peer that hasn't said the token by then is not one of our workers. */
const helloLimitMs = 5000

/** The owner's end of the wire. Disposing it ends every connection; a request that is still open is aborted. */
export interface Coordinator extends AsyncDisposable {
  readonly address: CoordinatorAddress
  /** Process ids of the workers that are connected, by worker name. */
  workers(): ReadonlyMap<string, number>
}

/** Serves test workers on a free port of 127.0.0.1. Rejects with `FL5001` when it can't listen. */
export async function startCoordinator(guide: RunGuide): Promise<Coordinator> {
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
  readonly guide: RunGuide
  readonly token: string
  readonly workers: Map<string, number>
}

function serveWorker(socket: Socket, { guide, token, workers }: Service): void {
  const open = new Map<number, AbortController>()
  let worker: string | undefined
  let standing: Disposable | undefined
  const strangerTimer = setTimeout(() => socket.destroy(), helloLimitMs)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(strangerTimer)
    standing?.[Symbol.dispose]()
    for (const request of open.values()) request.abort(new Error(`${worker ?? 'a worker'} is gone`))
    if (worker !== undefined) workers.delete(worker)
  })

  const answer = async (id: number, work: (signal: AbortSignal) => Promise<Answer['reply'] | void>) => {
    const request = new AbortController()
    open.set(id, request)
    const reply = await work(request.signal).catch(() => undefined)
    open.delete(id)
    sendFrame(socket, { kind: 'reply', id, ...(reply ? { reply } : {}) })
  }

  readFrames<WorkerFrame>(socket, (frame) => {
    if (worker === undefined) {
      if (frame.kind !== 'hello' || !sameToken(frame.token, token)) return void socket.destroy()
      clearTimeout(strangerTimer)
      worker = frame.worker
      workers.set(frame.worker, frame.pid)
      standing = guide.standing?.on((reply) =>
        sendFrame(socket, { kind: 'standing', ...(reply && { reply }) }),
      )
      return
    }
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
  })
}

function sameToken(given: unknown, expected: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
