import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'

/** What tests print is for people: a log that can't be written fails no run. */
export function logIn(dir: string): Writable {
  mkdirSync(dir, { recursive: true })
  return createWriteStream(join(dir, 'tests.log'), { flags: 'a' }).on('error', () => {})
}

/** Where what nobody reads goes. */
export function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
