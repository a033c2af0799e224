/**
 * Listens, and never accepts: once its thread sleeps, nobody takes connections out of the kernel's queue. Gets
 * `{ host, port, flag }`, posts `listening` or the error's code, and ends when the flag is set.
 */
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

const { host, port, flag } = workerData as { host: string; port: number; flag: Int32Array }
const server = createServer()
server.once('error', (error: NodeJS.ErrnoException) => parentPort?.postMessage(error.code))
server.listen({ host, port, backlog: 1, exclusive: true }, () => {
  parentPort?.postMessage('listening')
  Atomics.wait(flag, 0, 0)
  server.close()
})
