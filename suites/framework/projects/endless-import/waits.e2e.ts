import { test } from 'vitest'

// Never settles; the interval keeps the process from ending with the wait undone.
const nothing = setInterval(() => {}, 1000)
await new Promise(() => {})
clearInterval(nothing)

test('is never defined', () => {})
