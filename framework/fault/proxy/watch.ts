import type { Socket } from 'node:net'
import type { Random } from '#core'
import type { Direction } from './direction.ts'
import type { Toxic } from './toxic.ts'

/** What a toxic that watches needs of the connection. */
interface WatchHost {
  /** The one that sends in each direction. */
  readonly sockets: Readonly<Record<Direction, Socket>>
  touch(): void
  silence(): void
  close(): void
}

/** Lets a toxic look at a whole connection, until disposed. */
export function watch(toxic: Toxic, random: Random, host: WatchHost): Disposable {
  const stack = new DisposableStack()
  const isChosen = random.next() < toxic.toxicity
  let isTouched = false
  const watching = toxic.type.watch?.({
    get attributes() {
      return toxic.attributes
    },
    get acts() {
      return isChosen && toxic.active
    },
    onData(listener) {
      for (const direction of ['upstream', 'downstream'] as const) {
        const heard = () => listener(direction)
        host.sockets[direction].on('data', heard)
        stack.defer(() => void host.sockets[direction].off('data', heard))
      }
    },
    silence: () => host.silence(),
    resetSender: (direction) => void host.sockets[direction].resetAndDestroy(),
    close: () => host.close(),
    touch() {
      if (!isTouched) host.touch()
      isTouched = true
    },
  })
  if (watching) stack.use(watching)
  return stack
}
