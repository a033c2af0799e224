import { test } from 'vitest'

test('is not held up', () => {})
