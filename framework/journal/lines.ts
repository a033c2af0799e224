const newline = 0x0a

/**
 * Gives every complete line of a byte stream to `onLine`, without its newline, and returns the bytes after the last one.
 * For NDJSON: it splits bytes, since a chunk may end within a character, and only at `\n`, where `node:readline` also splits at
 * U+2028, which JSON leaves as it is.
 */
export async function eachLine(
  chunks: AsyncIterable<Buffer>,
  onLine: (line: Buffer) => void,
): Promise<Buffer> {
  let pieces: Buffer[] = []
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      onLine(Buffer.concat([...pieces, chunk.subarray(from, end)]))
      pieces = []
      from = end + 1
    }
    pieces.push(chunk.subarray(from))
  }
  return Buffer.concat(pieces)
}
