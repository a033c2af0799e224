import { test } from 'vitest'

test('blocks the event loop for ever', () => {
  for (;;);
})
