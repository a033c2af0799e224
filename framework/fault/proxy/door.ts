import type { Socket } from 'node:net'
import { type HostPort, parseHostPort } from './address.ts'
import { hangAt } from './hang.ts'
import { type Listener, listen } from './listener.ts'

/** What new connections meet: the proxy, a refusal by the kernel, or nothing at all. */
export type DoorState = 'open' | 'refuse' | 'hang'

/** The listening side of a proxy. What opens and closes it runs one at a time, in the order of the calls. */
export class Door {
  readonly #accept: (socket: Socket) => void
  #state: DoorState = 'refuse'
  #listener: Listener | undefined
  #hang: AsyncDisposable | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(accept: (socket: Socket) => void) {
    this.#accept = accept
  }

  /** Binds, and gives the real address; then lets new connections meet `state`. */
  async open(at: HostPort, state: DoorState): Promise<string> {
    const address = await this.#inTurn(async () => {
      this.#listener = await listen(at, this.#accept)
      this.#state = 'open'
      return this.#listener.address
    })
    await this.become(state, address)
    return address
  }

  /** Changes what new connections meet; kept ones are left alone. */
  become(state: DoorState, address: string): Promise<void> {
    return this.#inTurn(async () => {
      if (state === this.#state) return
      void this.#shut()
      await this.#letConnect()
      const at = parseHostPort(address)
      if (state === 'open') this.#listener = await listen(at, this.#accept)
      if (state === 'hang') this.#hang = await hangAt(at)
      this.#state = state
    })
  }

  /** Settles when the port is free, and the last connection over. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      await Promise.all([this.#shut(), this.#letConnect()])
    })
  }

  async #shut(): Promise<void> {
    const listener = this.#listener
    this.#listener = undefined
    this.#state = 'refuse'
    await listener?.close()
  }

  async #letConnect(): Promise<void> {
    const hang = this.#hang
    this.#hang = undefined
    await hang?.[Symbol.asyncDispose]()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
