import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Places where people have secrets. */
export const places = [
  // Handed in by configuration and environment: known, and so masked wherever they turn up.
  'databasePassword',
  'probePassword',
  'probeQuery',
  'serviceVariable',
  'inheritedVariable',
  'ownVariable',
  'agentToken',
  'eventsHeader',
  // Met in what tests and services send, get and say: told by what stands before them.
  'bearer',
  'basic',
  'apiKey',
  'cookie',
  'secondCookie',
  'setCookie',
  'queryToken',
  'socketToken',
  'bodyPassword',
  'dsnInError',
  'constraintDetail',
  'causePassword',
] as const

export type Canaries = Readonly<Record<(typeof places)[number], string>>

/** A secret for each place that nothing else on this machine contains. */
export function plant(): Canaries {
  return Object.fromEntries(places.map((place) => [place, `Cn${randomBytes(9).toString('hex')}`])) as Canaries
}

/** One text that Faultline wrote, and where. */
export interface Output {
  readonly where: string
  readonly text: string
}

/** Everything below a folder, as text, and what is packed within. */
export async function outputsIn(folder: string): Promise<Output[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const read = files
    .filter((file) => file.isFile())
    .map(async (file) => {
      const where = path.join(file.parentPath, file.name)
      return { where, text: await readFile(where, 'latin1') }
    })
  return Promise.all(read)
}

/** `place in output (as …)` for every canary that can be found. */
export function leaks(canaries: Canaries, outputs: readonly Output[]): string[] {
  return outputs.flatMap(({ where, text }) => {
    const found = [text, ...unpacked(text)].flatMap((layer) =>
      Object.entries(canaries).flatMap(([place, value]) =>
        encodings(value).flatMap(([name, form]) => {
          const at = layer.indexOf(form)
          if (at < 0) return []
          return [`${place} in ${where} (${name}): …${layer.slice(Math.max(0, at - 80), at).trim()}`]
        }),
      ),
    )
    return [...new Set(found)]
  })
}

/** The canaries are letters and digits, so that percent and JSON encoding leave them as they are. */
function encodings(value: string): [string, string][] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const within = [0, 1, 2].map((offset): [string, string] => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return ['base64', text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))]
  })
  return [['plain', value], ['hex', hex], ['hex', hex.toUpperCase()], ...within]
}

/** What a page carries compressed. */
function unpacked(text: string): string[] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{400,}={0,2}/g)].flatMap(([run]) => {
    const bytes = Buffer.from(run, 'base64')
    return [gunzipSync, inflateSync, inflateRawSync, brotliDecompressSync].flatMap((open) => {
      try {
        return [open(bytes).toString('latin1')]
      } catch {
        return []
      }
    })
  })
}
