import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachLine } from '#journal'

async function split(chunks: readonly Buffer[]) {
  const lines: string[] = []
  const rest = await eachLine(Readable.from(chunks), (line) => lines.push(line.toString()))
  return { lines, rest: rest.toString() }
}

test('lines are the same however the bytes are cut into chunks', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ø', '\u2028', '\r', '\n') })
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (given, size) => {
      const bytes = Buffer.from(given)
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      )
      const lines = given.split('\n')
      expect(await split(chunks)).toEqual({ lines: lines.slice(0, -1), rest: lines.at(-1) })
    }),
  )
})
