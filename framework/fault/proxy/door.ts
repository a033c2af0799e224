import type { Socket } from 'node:net'
import { type HostPort, parseHostPort } from './address.ts'
import { hangAt } from './hang.ts'
import { listen } from './listener.ts'

/** What new connections meet: the proxy, a refusal by the kernel, or nothing at all. */
export type DoorState = 'open' | 'refuse' | 'hang'

/** The listening side of a proxy. What opens and closes it runs one at a time, in the order of the calls. */
export class Door {
  readonly #accept: (socket: Socket) => void
  #state: DoorState = 'refuse'
  #holder: { close(): Promise<void> } | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(accept: (socket: Socket) => void) {
    this.#accept = accept
  }

  /** Binds, and gives the real address; then lets new connections meet `state`. */
  async open(at: HostPort, state: DoorState): Promise<string> {
    const address = await this.#inTurn(async () => {
      const listener = await listen(at, this.#accept)
      this.#holder = listener
      this.#state = 'open'
      return listener.address
    })
    await this.become(state, address)
    return address
  }

  /** Changes what new connections meet; kept ones are left alone. */
  become(state: DoorState, address: string): Promise<void> {
    return this.#inTurn(async () => {
      if (state === this.#state) return
      await this.#release()
      const at = parseHostPort(address)
      if (state === 'open') this.#holder = await listen(at, this.#accept)
      if (state === 'hang') this.#holder = await hangAt(at)
      this.#state = state
    })
  }

  /** Settles when the port is free. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#release())
  }

  async #release(): Promise<void> {
    const holder = this.#holder
    this.#holder = undefined
    this.#state = 'refuse'
    await holder?.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
