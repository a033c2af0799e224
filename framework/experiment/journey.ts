import type { Random } from '#core'
import type { HttpAnswer, ObservedHttp } from '#evidence'
import type { WrittenValue } from './history.ts'

/** An open WebSocket that speaks JSON. */
export interface JourneySocket<Message> {
  readonly messages: readonly Message[]
  send(message: unknown): void
  next(
    fits?: (message: Message) => boolean,
    options?: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<Message>
  close(): void
}

/** The clients of tests, for journeys: what they open is closed when the journey ends. */
export interface JourneyClients {
  readonly http: ObservedHttp
  readonly ws: {
    connect<Message = unknown>(
      path: string,
      options?: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal; timeoutMs?: number },
    ): Promise<JourneySocket<Message>>
  }
}

/** What an operation can say of itself while it is under way. */
export interface OperationNotes {
  /** Aborts at the operation's time limit, or when the experiment is given up. Hand it to every client call. */
  readonly signal: AbortSignal
  /** The answer, when its status is 2xx; else the operation ends here, as `failed`. */
  accepted(answer: HttpAnswer): HttpAnswer
  /** The answer was less than it should be, and said so with this word. */
  degraded(word: string): void
  /** Everything that the answer showed under a key. */
  read(key: string, values: readonly string[]): void
}

/** What a journey works with. */
export interface JourneyTools extends JourneyClients {
  /** Seeded: the same seed makes the same choices. */
  readonly random: Random
  /** A number that no other journey of this experiment has. */
  readonly id: number
  /**
   * One operation of the history. `ok` when `work` ends, `failed` when it is refused, `unknown` when no answer came after
   * it may have been sent. Gives what `work` gave; `undefined` when it didn't end well, and the journey decides whether
   * to go on.
   */
  operation<T>(
    name: string,
    work: (notes: OperationNotes) => Promise<T>,
    options?: { write?: WrittenValue },
  ): Promise<T | undefined>
}

/** What one user does. What it throws outside an operation is a mistake of the experiment. */
export type Journey<State> = (t: JourneyTools, state: State) => Promise<void>

/** A journey, and how often it is taken in proportion to the others; 1 unless given. */
export interface WeightedJourney<State> {
  readonly weight: number
  readonly run: Journey<State>
}
