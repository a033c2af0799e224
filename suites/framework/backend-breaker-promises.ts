import { AuthClient } from '../../fixtures/backend/clients/auth.ts'
import { loadSeams } from '../../fixtures/backend/defects/registry.ts'
import type { CircuitBreaker } from '../../fixtures/backend/resilience/breaker.ts'
import { createBreaker } from '../../fixtures/backend/resilience/breakers.ts'
import { breakerSettings, defaultBreakerSettings } from '../../fixtures/backend/resilience/settings.ts'
import { AuthStub } from './backend-auth-stub.ts'
import { until } from './backend-stack.ts'

/** The application's way to auth, over a real connection to a service that does as it is told. */
interface Way {
  readonly stub: AuthStub
  readonly breaker: CircuitBreaker
  /** Signs in; gives the status that the user would see. */
  signIn(): Promise<number>
  /** Fails until the breaker opens, or as often as would open a sound one. */
  hurt(): Promise<void>
}

const soonMs = 6_000

/** What the breaker and the time limit promise; each throws when the promise is broken. */
const promises: Readonly<Record<string, (way: Way, defects: readonly string[]) => Promise<void>>> = {
  'opens-for-failures': async ({ stub, hurt, signIn }) => {
    await hurt()
    const before = stub.requests
    await signIn()
    holds(stub.requests === before)
  },
  'forgives-one-failure': async ({ stub, breaker, signIn }) => {
    stub.mode = 'fail'
    await signIn()
    holds(breaker.state === 'closed')
  },
  'opens-for-slowness': async (_way, defects) => {
    let now = 0
    const breaker = createBreaker('auth', defaultBreakerSettings, await loadSeams(defects), {
      now: () => now,
    })
    for (let index = 0; index < 10; index += 1) {
      const call = breaker.begin()
      now += 10_000
      call.succeed()
    }
    holds(breaker.state === 'open')
  },
  'closes-again': async ({ stub, hurt, signIn }) => {
    await hurt()
    stub.mode = 'answer'
    await until(async () => (await signIn()) === 200 || undefined, soonMs)
  },
  'few-trials': async (way) => {
    if (!(await reachesTrial(way))) return
    const { stub, signIn } = way
    let refused = 0
    const count = (): void => {
      refused += 1
    }
    for (let index = 0; index < 30; index += 1) void signIn().then(count)
    await until(() => stub.mostHanging > 5 || refused >= 25 || undefined)
    holds(stub.mostHanging <= 5)
  },
  'ends-a-hung-call': async (way) => holds(await givesUp(way)),
  'cancels-what-it-gives-up': async (way) => {
    if (await givesUp(way)) await until(() => way.stub.hanging === 0 || undefined, soonMs)
  },
  'ignores-stragglers': async (way) => {
    const { stub, breaker, hurt, signIn } = way
    stub.mode = 'hang'
    const straggler = signIn()
    await until(() => stub.hanging === 1 || undefined)
    await hurt()
    if (!(await reachesTrial(way))) return
    stub.release()
    await straggler
    holds(breaker.state === 'half-open')
  },
}

/** Whether a hurt breaker comes so far that a trial of its hangs. */
async function reachesTrial({ stub, breaker, hurt, signIn }: Way): Promise<boolean> {
  await hurt()
  stub.mode = 'hang'
  const before = stub.hanging
  const trial = (): true | undefined => {
    void signIn()
    return stub.hanging > before || undefined
  }
  await until(trial, soonMs).catch(() => undefined)
  return breaker.state === 'half-open'
}

/** Whether a call that hangs comes to an end. */
async function givesUp({ stub, signIn }: Way): Promise<boolean> {
  stub.mode = 'hang'
  let status: number | undefined
  void signIn().then((value) => {
    status = value
  })
  await until(() => stub.hanging > 0 || undefined)
  return (await until(() => status, soonMs).catch(() => 0)) === 503
}

/** The names of the promises that the application breaks with these defects. */
export async function brokenPromises(defects: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(
    Object.entries(promises).map(async ([name, check]) => {
      await using stub = await AuthStub.start()
      // Short where the limit is what is looked at; elsewhere it must not end what the promise is about.
      const callTimeoutMs = name.includes('hung') || name.includes('cancels') ? 1_000 : 60_000
      // Awaited here: the stub ends with this block.
      return await check(await createWay(stub, defects, callTimeoutMs), defects).then(
        () => [],
        () => [name],
      )
    }),
  )
  return kept.flat()
}

async function createWay(stub: AuthStub, defects: readonly string[], callTimeoutMs: number): Promise<Way> {
  const settings = { ...breakerSettings.auth, recoveryMs: 100, slowCallMs: 10_000, callTimeoutMs }
  const breaker = createBreaker('auth', settings, await loadSeams(defects), {})
  const client = new AuthClient(stub.url, breaker, () => Date.now())
  const signIn = (): Promise<number> =>
    client.signIn('ada').then(
      () => 200,
      (error: { status: number }) => error.status,
    )
  const hurt = async (): Promise<void> => {
    stub.mode = 'fail'
    for (let index = 0; index < 5 && breaker.state === 'closed'; index += 1) await signIn()
  }
  return { stub, breaker, signIn, hurt }
}

function holds(promise: boolean): void {
  if (!promise) throw new Error('broken')
}
