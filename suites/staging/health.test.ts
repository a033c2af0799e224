import { ApiTest, describeWith } from 'faultline/vitest'

class HealthTest extends ApiTest {
  static override readonly needs = { database: 'required' } as const
}

describeWith(HealthTest, 'health', (it) => {
  it('is live', async (t) => {
    t.expect((await t.http.get('/health/live')).status).toBe(200)
  })

  it('is ready while what is indispensable is there', async (t) => {
    t.expect((await t.http.get('/health/ready')).status).toBe(200)
  })

  it('names every dependency in the format of health+json', async (t) => {
    const reply = await t.http.get('/health')
    t.expect(reply.headers.get('content-type')).toContain('application/health+json')
    const names = Object.keys(reply.json<{ checks: object }>().checks)
    for (const dependency of ['database', 'auth', 'model', 'analytics'])
      t.expect(names.some((name) => name.includes(dependency))).toBe(true)
  })
})
