/** The bytes of one read of a socket, at most {@link maxChunkBytes}, on their way through a chain of toxics. */
export interface Chunk {
  readonly bytes: Buffer
  /** Monotonic ms: when they were read, later when the last toxic handed them on. */
  readonly at: number
}

/** Toxics that count chunks behave as in Toxiproxy, which reads 32 KiB at a time. */
export const maxChunkBytes = 32 * 1024

/** What a toxic, or a socket's reader, hands chunks to. */
export interface Sink {
  /** Takes the chunk; a promise when the giver must wait before the next one. */
  put(chunk: Chunk): Promise<void> | undefined
  /** No chunk follows. Comes behind all that was put. */
  end(): void
}

/** Cuts what one read of a socket gave into chunks. */
export function chunksOf(bytes: Buffer): Chunk[] {
  const at = performance.now()
  if (bytes.length <= maxChunkBytes) return [{ bytes, at }]
  return Array.from({ length: Math.ceil(bytes.length / maxChunkBytes) }, (_, index) => ({
    bytes: bytes.subarray(index * maxChunkBytes, (index + 1) * maxChunkBytes),
    at,
  }))
}
