import { expect, test } from 'vitest'
import { signalsReference } from './reference.ts'

test('the reference of signals is the vocabulary’s (write it anew with `vitest run -u`)', async () => {
  await expect(signalsReference()).toMatchFileSnapshot('../../../docs/reference/signals.md')
})
