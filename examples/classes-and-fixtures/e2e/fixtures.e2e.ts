import { type Http, test } from 'faultline/vitest'
import { expect } from 'vitest'

/** Steps that tests share are functions. */
async function list(http: Http): Promise<unknown> {
  const reply = await http.get('/notes', { headers: { authorization: 'Bearer ada' } })
  return reply.ok().json()
}

test('refuses a stranger', async ({ http }) => {
  expect((await http.get('/notes')).status).toBe(401)
})

test('lists the notes', async ({ http }) => {
  expect(await list(http)).toEqual([{ text: 'buy milk' }])
})
