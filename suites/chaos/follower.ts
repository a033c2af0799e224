import { setTimeout as sleep } from 'node:timers/promises'
import type { JourneyTools } from 'faultline'
import { oneOf, type Talker } from './chat.ts'

interface ChatEvent {
  readonly type: string
  readonly connectionId?: string
  readonly sequence?: number
  readonly resumed?: boolean
}

const followMs = 2500
const mostComebacks = 8

/** Follows a thread over a socket that may be cut at any time: every event comes, in its order and once. */
export async function follow(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const talker = oneOf(t, all)
  const { token } = talker
  await t.operation('events', async ({ signal }) => {
    const until = Date.now() + followMs
    const talking = keepTalking(t, talker, { until, signal })
    let seen: { readonly connection: string; sequence: number } | undefined
    for (let comebacks = 0, pauseMs = 50; Date.now() < until; comebacks++) {
      const resume = seen ? `&resume=${seen.connection}&after=${seen.sequence}` : ''
      try {
        const socket = await t.ws.connect<ChatEvent>(`/ws?token=${token}${resume}`, { signal })
        const { connectionId = '', resumed, sequence = 0 } = await socket.next(undefined, { signal })
        if (seen && !resumed) throw new Gap('it could not be resumed')
        seen ??= { connection: connectionId, sequence }
        pauseMs = 50
        while (Date.now() < until) {
          const left = Math.max(until - Date.now(), 1)
          const event = await socket.next(undefined, {
            signal: AbortSignal.any([signal, AbortSignal.timeout(left)]),
          })
          if (event.sequence === undefined) continue
          if (event.sequence !== seen.sequence + 1)
            throw new Gap(`event ${event.sequence} came after ${seen.sequence}`)
          seen.sequence = event.sequence
        }
        socket.close()
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof Gap || comebacks === mostComebacks) throw error
        if (Date.now() < until) await sleep(t.random.integer(pauseMs / 2, pauseMs), undefined, { signal })
        pauseMs = Math.min(pauseMs * 2, 800)
      }
    }
    await talking
  })
}

/** Something to follow, so that at any moment events are under way: that it is refused while all is cut is no loss. */
async function keepTalking(
  t: JourneyTools,
  { headers, thread }: Talker,
  { until, signal }: { until: number; signal: AbortSignal },
): Promise<void> {
  for (let n = 0; Date.now() < until && !signal.aborted; n++) {
    const body = { text: `followed ${t.id} ${n}` }
    await t.http.post(`/threads/${thread}/messages`, body, { headers, signal }).catch(() => {})
    await sleep(200)
  }
}

/** An event is missing, or came twice. */
class Gap extends Error {}
