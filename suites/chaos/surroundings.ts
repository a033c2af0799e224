import { setTimeout as sleep } from 'node:timers/promises'
import type { JourneyClients, JourneyTools } from 'faultline'

const readyWithinMs = 30_000

/**
 * Waits until the application says that it has started and that requests may come: readiness alone may be what lies. Throws with
 * its last word when it doesn't in time.
 */
export async function untilReady({ http }: JourneyClients, signal: AbortSignal): Promise<void> {
  for (const until = Date.now() + readyWithinMs; ; await sleep(100, undefined, { signal })) {
    const started = await http.get('/health/startup', { signal })
    const { status, text } = started.status === 200 ? await http.get('/health/ready', { signal }) : started
    if (status === 200) return
    if (Date.now() > until) throw new Error(`preparing: it is not ready: ${text}`)
  }
}

/** Asks whether requests should be sent here; a `no` is an answer. */
export async function readiness(t: JourneyTools): Promise<void> {
  await t.operation('readiness', async ({ accepted, degraded, signal }) => {
    const reply = await t.http.get('/health/ready', { signal })
    if (reply.status === 503) degraded('not ready')
    else accepted(reply)
  })
}

/** Asks the application which state its breaker of the model is in. */
export async function modelBreaker(t: JourneyTools): Promise<void> {
  await t.operation('metrics', async ({ accepted, read, signal }) => {
    const { text } = accepted(await t.http.get('/metrics', { signal }))
    const states = [...text.matchAll(/^chat_breaker_state\{(.*)\} 1$/gm)].map(([, labels]) => labels ?? '')
    const state = states.find((labels) => labels.includes('breaker="model"'))
    read('model', [/state="([^"]+)"/.exec(state ?? '')?.[1] ?? 'unknown'])
  })
}

/** Signs somebody in: it can't be done without auth, and ends all the same. */
export async function signInAnew(t: JourneyTools): Promise<void> {
  await t.operation('sign-in', async ({ accepted, signal }) => {
    accepted(await t.http.post('/auth/session', { user: `chaos-anew-${t.id}` }, { signal }))
  })
}
