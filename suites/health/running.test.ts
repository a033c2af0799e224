import { isIP } from 'node:net'
import { describeWith, http, type Power, type Reply, testWith } from 'faultline/vitest'
import { disagreements, type Look, median } from './agreement.ts'
import { certificateProblems } from './certificate.ts'

/** Where the tests reach the entry. */
const address: Power<'address', URL> = {
  name: 'address',
  create: ({ scope }) => new URL(scope.settings.entry?.url ?? ''),
}

interface Check {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly observedValue?: number
}

const dependencies = ['database', 'auth', 'model', 'analytics'] as const

/** Health is asked of whatever is there: nothing that is away keeps these tests from being run. */
class HealthTest extends testWith(http, address) {
  static override readonly needs: Readonly<Record<string, 'optional' | 'required'>> = {
    database: 'optional',
    auth: 'optional',
    model: 'optional',
    analytics: 'optional',
  }

  /** What is asked of health is answered within this, whatever is away. */
  readonly limitMs: number = 3_000

  /** What the application says of each dependency. */
  async claims(): Promise<Readonly<Record<string, Check | undefined>>> {
    const reply = await this.http.get('/health', { timeoutMs: this.limitMs })
    const { checks } = reply.json<{ checks: Readonly<Record<string, readonly Check[]>> }>()
    return Object.fromEntries(dependencies.map((name) => [name, checks[`${name}:responseTime`]?.[0]]))
  }

  /** As many requests at once, each on a connection of its own, so that a load balancer may spread them. */
  async atOnce(count: number, path: string): Promise<{ reply: Reply; ms: number }[]> {
    return await Promise.all(
      Array.from({ length: count }, async () => {
        const startedAt = performance.now()
        const reply = await this.http.get(path)
        return { reply, ms: performance.now() - startedAt }
      }),
    )
  }
}

describeWith(HealthTest, 'the health of what runs', (it) => {
  it('answers each question of health in time, with a word', async (t) => {
    for (const path of ['/health/live', '/health/startup', '/health/ready', '/health']) {
      const reply = await t.http.get(path, { timeoutMs: t.limitMs })
      t.expect([200, 503], path).toContain(reply.status)
      t.expect(reply.headers.get('content-type'), path).toMatch(/^application\/(health|problem)\+json/)
    }
  })

  it('lives, whatever is away', async (t) => {
    t.expect((await t.http.get('/health/live', { timeoutMs: t.limitMs })).status).toBe(200)
  })

  it('says of each dependency what is seen of it', async (t) => {
    const wrong = async (): Promise<string[]> => {
      const [claims, seen] = [await t.claims(), await t.health()]
      return dependencies.filter(
        (name) =>
          (seen[name] === 'healthy' && claims[name]?.status === 'fail') ||
          (seen[name] === 'unavailable' && claims[name]?.status !== 'fail'),
      )
    }
    // What has just changed is known to one before it is known to the other.
    await t.expect.poll(wrong, { timeout: 15_000, interval: 500 }).toEqual([])
  })

  it('is ready while the database is there, and only then', async (t) => {
    const wrong = async (): Promise<string | undefined> => {
      const { status } = await t.http.get('/health/ready', { timeoutMs: t.limitMs })
      const { database } = await t.health()
      if (database === 'healthy' && status !== 200) return `${status} with a database`
      if (database === 'unavailable' && status !== 503) return `${status} without a database`
      return undefined
    }
    await t.expect.poll(wrong, { timeout: 15_000, interval: 500 }).toBeUndefined()
  })

  it('is reached by a name that its certificate covers, or from this machine only', async (t) => {
    const { protocol, hostname, port } = t.address
    if (protocol !== 'https:') return t.expect(['127.0.0.1', '[::1]', 'localhost']).toContain(hostname)
    t.expect(isIP(hostname)).toBe(0)
    const entry = { host: hostname, port: Number(port || 443) }
    t.expect(await certificateProblems(entry, { nowMs: Date.now(), leastDays: 14 })).toEqual([])
  })

  it('is the same whichever instance answers', async (t) => {
    const looks: Look[] = []
    for (let round = 0; round < 3; round += 1)
      for (const { reply, ms } of await t.atOnce(10, '/health/live'))
        looks.push({
          instance: reply.headers.get('x-instance-id') ?? 'unnamed',
          build: reply.headers.get('x-build-id') ?? 'unnamed',
          status: reply.status,
          ms,
        })
    t.expect(disagreements(looks, { atLeast: 20, mostTimes: 3, floorMs: 50 })).toEqual([])
  })
})

/** What is asked of a whole environment only. */
class ServiceTest extends HealthTest {
  static override readonly needs = { database: 'required', auth: 'required' } as const
}

describeWith(ServiceTest, 'what runs, at work', (it) => {
  it('reaches all that it can’t do without, each in its own time', async (t) => {
    const claims = await t.claims()
    for (const name of ['database', 'auth'] as const) {
      t.expect(claims[name]?.status, name).toBe('pass')
      t.expect(claims[name]?.observedValue, name).toBeLessThan(5_000)
    }
  })

  it('serves twenty at once, and refuses nobody', async (t) => {
    const answers = await t.atOnce(20, '/health/ready')
    t.expect(answers.filter(({ reply }) => reply.status !== 200).map(({ reply }) => reply.status)).toEqual([])
    t.expect(median(answers.map(({ ms }) => ms))).toBeLessThan(t.limitMs)
  })
})
