import { constants } from 'node:os'

/** What happened to a container. */
export type ContainerChange =
  | { readonly kind: 'started' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' }
  | {
      readonly kind: 'ended'
      /** By itself, by the engine on somebody's word, or for want of memory. */
      readonly how: 'exited' | 'stopped' | 'oom-killed'
      readonly code: number | null
      readonly signal: string | null
    }

/** One event of the engine's stream, as far as it matters here. */
export interface EngineEvent {
  readonly Action: string
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/**
 * Reads the events of one container. The engine says `kill` when somebody ends a container, whoever that is, and `oom`
 * when memory ran out; a `die` after neither is the process's own doing.
 */
export class ChangeReader {
  #killed = false
  #outOfMemory = false

  read({ Action, Actor: { Attributes } }: EngineEvent): ContainerChange | undefined {
    switch (Action) {
      case 'start':
        this.#killed = false
        this.#outOfMemory = false
        return { kind: 'started' }
      case 'pause':
        return { kind: 'paused' }
      case 'unpause':
        return { kind: 'resumed' }
      case 'kill':
        this.#killed ||= endingSignals.has(Number(Attributes['signal']))
        return undefined
      case 'oom':
        this.#outOfMemory = true
        return undefined
      case 'die':
        return { kind: 'ended', how: this.#how(), ...endOf(Number(Attributes['exitCode'])) }
      default:
        return undefined
    }
  }

  #how(): 'exited' | 'stopped' | 'oom-killed' {
    if (this.#outOfMemory) return 'oom-killed'
    return this.#killed ? 'stopped' : 'exited'
  }
}

const { SIGINT, SIGQUIT, SIGKILL, SIGTERM } = constants.signals
const endingSignals: ReadonlySet<number> = new Set([SIGINT, SIGQUIT, SIGKILL, SIGTERM])

/** An exit code above 128 is a signal, as a shell tells it. */
function endOf(exitCode: number): { code: number | null; signal: string | null } {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0]
  return signal === undefined ? { code: exitCode, signal: null } : { code: null, signal }
}
