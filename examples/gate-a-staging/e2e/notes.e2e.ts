import { test } from 'faultline/vitest'
import { expect } from 'vitest'

test('lists the notes', async ({ http }) => {
  const reply = await http.get('/notes')
  expect(reply.ok().json()).toEqual([{ text: 'buy milk' }])
})
