import { expect, test } from 'vitest'

test('is fine', () => {})
test('has a wrong value', () => expect(41).toBe(42))
test('needs the database', () => {})
