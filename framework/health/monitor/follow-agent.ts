import { messageOf, orAbort, sleep } from '#core'
import type { AgentClient, LookMark, Observation } from '#probe'
import type { View } from '../tracker.ts'
import type { Look } from './sampler.ts'

export interface FollowOptions {
  /** `after`, from the connection before, asks for what was seen since. */
  readonly connect: (signal: AbortSignal, after: LookMark | undefined) => Promise<AgentClient>
  /** Whether to come back after a loss, with a growing pause. */
  readonly reconnect: boolean
  readonly found: (views: readonly View[]) => void
  readonly lost: (reason: string) => void
  /** What the agent saw meanwhile, when it is found again. */
  readonly missed: (observation: Observation) => void
  readonly signal: AbortSignal
}

const firstPauseMs = 250
const longestPauseMs = 1000

/** Keeps connected to the agent until the signal aborts. The function that it gives tells what can be looked at through it just now. */
export function followAgent(options: FollowOptions): () => readonly Look[] {
  let looks: readonly Look[] = []
  void follow(options, (through) => {
    looks = through
  })
  return () => looks
}

async function follow(options: FollowOptions, use: (looks: readonly Look[]) => void): Promise<void> {
  const { connect, reconnect, found, lost, missed, signal } = options
  let pauseMs = firstPauseMs
  let mark: LookMark | undefined
  let isLost = false
  const lose = (reason: string) => {
    use([])
    // One report for one loss, however many attempts to come back fail.
    if (!isLost) lost(reason)
    isLost = true
  }
  do {
    try {
      await using agent = await connect(signal, mark)
      for (const look of agent.missed) missed(look)
      found(agent.targets.map(viewOf))
      use(looksThrough(agent))
      isLost = false
      pauseMs = firstPauseMs
      await orAbort(agent.closed, signal).finally(() => {
        mark = agent.mark
      })
      if (!signal.aborted) lose('the connection ended')
    } catch (error) {
      if (!signal.aborted) lose(messageOf(error))
    }
    if (reconnect) await sleep(pauseMs, signal).catch(() => {})
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  } while (reconnect && !signal.aborted)
}

function looksThrough(agent: AgentClient): Look[] {
  return agent.targets.flatMap((target) =>
    (['new', 'kept'] as const).map(
      (connection): Look =>
        (signal) =>
          agent.look(target, connection, signal),
    ),
  )
}

function viewOf({ target, link, vantage }: View): View {
  return { target, ...(link === undefined ? {} : { link }), vantage }
}
