import { messageOf, sleep } from '#core'
import type { AgentClient } from '#probe'
import type { View } from '../tracker.ts'
import type { Look } from './sampler.ts'

export interface FollowOptions {
  readonly connect: (signal: AbortSignal) => Promise<AgentClient>
  /** Whether to come back after a loss, with a growing pause. */
  readonly reconnect: boolean
  readonly found: (views: readonly View[]) => void
  readonly lost: (reason: string) => void
  readonly signal: AbortSignal
}

const firstPauseMs = 250
const longestPauseMs = 4000

/** Keeps connected to the agent until the signal aborts. The function that it gives tells what can be looked at through it just now. */
export function followAgent(options: FollowOptions): () => readonly Look[] {
  let looks: readonly Look[] = []
  void follow(options, (through) => {
    looks = through
  })
  return () => looks
}

async function follow(options: FollowOptions, use: (looks: readonly Look[]) => void): Promise<void> {
  const { connect, reconnect, found, lost, signal } = options
  let pauseMs = firstPauseMs
  let isLost = false
  const lose = (reason: string) => {
    use([])
    // One report for one loss, however many attempts to come back fail.
    if (!isLost) lost(reason)
    isLost = true
  }
  do {
    try {
      await using agent = await connect(signal)
      found(agent.targets.map(viewOf))
      use(looksThrough(agent))
      isLost = false
      pauseMs = firstPauseMs
      await agent.closed
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
