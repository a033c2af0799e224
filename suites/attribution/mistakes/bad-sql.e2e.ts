import { DatabaseTest, describeWith } from 'faultline/vitest'

describeWith(DatabaseTest, 'a test with a mistake', (it) => {
  it('asks the database in words that are no SQL', async (t) => {
    t.expect((await t.db.query('SELECT 1')).rowCount).toBe(1)
    t.expect((await t.db.query('SELEKT id FROM chat.messages')).rowCount).toBe(1)
  })
})
