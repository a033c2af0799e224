import { createServer } from 'node:net'
import { FaultlineError } from '#core'
import type { PortBlock } from '../keeper/protocol.ts'

/** Gives free ports out of a run's block, each once. */
export class PortPool {
  readonly #block: PortBlock
  #given = 0

  constructor(block: PortBlock) {
    this.#block = block
  }

  /** A port of 127.0.0.1 that nobody listens on. Throws FL2001 when there is none left. */
  async take(): Promise<number> {
    while (this.#given < this.#block.size) {
      const port = this.#block.first + this.#given++
      if ((await probe(port)) === port) return port
    }
    const port = this.#block.size === 0 ? await probe(0) : undefined
    if (port === undefined) throw new FaultlineError('FL2001', 'no free port is left for the environment')
    return port
  }
}

function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
