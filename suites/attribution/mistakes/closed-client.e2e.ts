import { DatabaseTest, describeWith } from 'faultline/vitest'

describeWith(DatabaseTest, 'a test with a mistake', (it) => {
  it('queries through a client that it has closed', async (t) => {
    await t.db.query('SELECT 1')
    await t.db.end()
    t.expect((await t.db.query('SELECT 1')).rowCount).toBe(1)
  })
})
