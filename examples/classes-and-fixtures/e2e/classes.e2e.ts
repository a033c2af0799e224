import { ApiTest, describeWith } from 'faultline/vitest'

/** Steps that tests share are methods of a class. */
class NotesTest extends ApiTest {
  async list(): Promise<unknown> {
    const reply = await this.http.get('/notes', { headers: { authorization: 'Bearer ada' } })
    return reply.ok().json()
  }
}

describeWith(NotesTest, 'notes, by a class', (it) => {
  it('refuses a stranger', async (t) => {
    t.expect((await t.http.get('/notes')).status).toBe(401)
  })

  it('lists the notes', async (t) => {
    t.expect(await t.list()).toEqual([{ text: 'buy milk' }])
  })
})
