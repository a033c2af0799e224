import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { entryCommand, orAbort } from '#core'
import { bindError, type HostPort } from './address.ts'

/** More than Linux lets wait behind a backlog of 1. */
const mostFillers = 8
/** On one machine, a connection that isn't there by then never will be. */
const connectLimitMs = 100

/**
 * Takes the address so that connects to it never complete: a listener whose queue is full drops each further SYN.
 * Rejects when the address can't be had.
 */
export async function hangAt(at: HostPort): Promise<AsyncDisposable> {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const file = entryCommand(import.meta.url, './hang-worker').args.at(-1)!
  const worker = new Worker(file, { workerData: { ...at, flag }, stderr: false })
  const ended = once(worker, 'exit')
  const [answer] = await once(worker, 'message')
  if (answer !== 'listening') {
    await ended
    throw bindError(at, Object.assign(new Error(String(answer)), { code: String(answer) }))
  }
  const fillers = await fill(at)
  return {
    async [Symbol.asyncDispose]() {
      Atomics.store(flag, 0, 1)
      Atomics.notify(flag, 0)
      for (const filler of fillers) filler.destroy()
      await ended
    },
  }
}

/** Connects until one connection hangs: from then on all do. */
async function fill(at: HostPort): Promise<Socket[]> {
  const fillers: Socket[] = []
  while (fillers.length < mostFillers) {
    const filler = connect({ ...at }).on('error', () => {})
    const connected = await orAbort(once(filler, 'connect'), AbortSignal.timeout(connectLimitMs)).then(
      () => true,
      () => false,
    )
    if (connected) fillers.push(filler)
    else {
      filler.destroy()
      break
    }
  }
  return fillers
}
