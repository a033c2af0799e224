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
  reset(): void
}

/** A toxic at work on a whole connection. */
export interface Watching extends Disposable {
  /** The toxic has changed. */
  changed(): void
}

/** Lets a toxic look at a whole connection, until disposed. */
export function watch(toxic: Toxic, random: Random, host: WatchHost): Watching {
  const stack = new DisposableStack()
  const isChosen = random.next() < toxic.toxicity
  const acts = () => isChosen && toxic.active
  let isTouched = false
  let activated = () => {}
  const watching = toxic.type.watch?.({
    get attributes() {
      return toxic.attributes
    },
    get acts() {
      return acts()
    },
    onData(listener) {
      for (const direction of ['upstream', 'downstream'] as const) {
        const heard = () => listener(direction)
        host.sockets[direction].on('data', heard)
        stack.defer(() => void host.sockets[direction].off('data', heard))
      }
    },
    onActive(listener) {
      activated = listener
    },
    silence: () => host.silence(),
    resetSender: (direction) => void host.sockets[direction].resetAndDestroy(),
    close: () => host.close(),
    reset: () => host.reset(),
    touch() {
      if (!isTouched) host.touch()
      isTouched = true
    },
  })
  if (watching) stack.use(watching)
  const changed = () => {
    if (acts() && !stack.disposed) activated()
  }
  changed()
  return { changed, [Symbol.dispose]: () => stack.dispose() }
}
