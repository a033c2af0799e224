import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'

/** More than anybody reads, and than a CI job should keep. */
const mostBytes = 16 * 1024 * 1024

/** What tests print is for people: a log that can't be written fails no run, and what is beyond its limit is left out. */
export function logIn(dir: string): Writable {
  mkdirSync(dir, { recursive: true })
  const file = createWriteStream(join(dir, 'tests.log'), { flags: 'a' }).on('error', () => {})
  let left = mostBytes
  return new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      if (left <= 0) return done()
      const kept = chunk.subarray(0, left)
      left -= chunk.length
      file.write(
        left > 0 ? kept : `${kept}\n[what tests printed beyond ${mostBytes} bytes is left out]\n`,
        () => done(),
      )
    },
    final(done) {
      file.end(() => done())
    },
  }).on('error', lateWriteIsLost)
}

/** Where what nobody reads goes. */
export function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() }).on('error', lateWriteIsLost)
}

/** Vitest may print after its log has ended. */
function lateWriteIsLost(): void {}
