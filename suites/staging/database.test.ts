import { DatabaseTest, db, describeWith, http, testWith } from 'faultline/vitest'

class SchemaTest extends DatabaseTest {
  static override readonly needs = { database: 'required' } as const
}

describeWith(SchemaTest, 'the schema', (it) => {
  it('has the tables of the chat', async (t) => {
    const { rows } = await t.db.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'chat' ORDER BY 1`,
    )
    t.expect(rows.map(({ name }) => name)).toEqual(t.expect.arrayContaining(['messages', 'threads']))
  })

  it('is on a server that takes writes', async (t) => {
    const { rows } = await t.db.query('SELECT pg_is_in_recovery() AS replica')
    t.expect(rows).toEqual([{ replica: false }])
  })
})

class StorageTest extends testWith(http, db) {
  static override readonly needs = { database: 'required', auth: 'required' } as const
}

describeWith(StorageTest, 'what the API keeps', (it) => {
  it('is a row in the database', async (t) => {
    const { token } = (await t.http.post('/auth/session', { user: 'grace' })).json<{ token: string }>()
    const created = await t.http.post(
      '/threads',
      { title: 'Kept' },
      { headers: { authorization: `Bearer ${token}` } },
    )
    const { id } = created.json<{ thread: { id: string } }>().thread
    const { rows } = await t.db.query('SELECT title, owner FROM chat.threads WHERE id = $1', [id])
    t.expect(rows).toEqual([{ title: 'Kept', owner: 'grace' }])
  })
})
