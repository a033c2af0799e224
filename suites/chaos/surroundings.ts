import type { JourneyTools } from 'faultline'

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
