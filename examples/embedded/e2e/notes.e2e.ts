import { needing, test } from 'faultline/vitest'
import { expect } from 'vitest'

test('lists the notes', needing({ database: 'required' }), async ({ http }) => {
  const reply = await http.get('/notes')
  expect(reply.ok().json()).toEqual([{ text: 'buy milk' }])
})
