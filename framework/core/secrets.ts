import { inspect } from 'node:util'

const mask = '[redacted]'

/**
 * A value that must never be printed. Every way of turning it into text gives `[redacted]`;
 * only {@link Secret.reveal} gives the value.
 */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return mask
  }
  toJSON(): string {
    return mask
  }
  [inspect.custom](): string {
    return mask
  }
}

/** Marks a value as secret. */
export function secret(value: string): Secret {
  return new Secret(value)
}

/** Removes known secrets from text, in the encodings that Faultline's outputs use. */
export class Redactor {
  #forms: string[] = []

  /** Registers a value. Shorter than four characters is refused silently: masking it would mangle any text. */
  add(value: string): void {
    if (value.length < 4) return
    const forms = [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
      Buffer.from(value).toString('base64url'),
      Buffer.from(value).toString('hex'),
    ]
    this.#forms = [...new Set([...this.#forms, ...forms])].sort((a, b) => b.length - a.length)
  }

  /** The text without registered secrets and without the password of any URL. */
  text(text: string): string {
    let clean = text
    for (const form of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, mask)
    return clean.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/'"]*):[^\s@/'"]+@/gi, `$1:${mask}@`)
  }

  /** A deep copy of a plain value with every string redacted. */
  value<T>(value: T): T {
    if (typeof value === 'string') return this.text(value) as T
    if (value instanceof Secret) return mask as T
    if (Array.isArray(value)) return value.map((item) => this.value(item)) as T
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [this.text(key), this.value(item)]),
      ) as T
    return value
  }
}

const secretNames =
  'password|passwd|pwd|secret|token|authorization|cookie|api[-_]?key|access[-_]?key|credentials?'
const namedValue = new RegExp(
  `((?:${secretNames})["']?[ \\t]{0,3}[:=][ \\t]{0,3})("(?:[^"\\\\]|\\\\.){1,4000}"|'[^']{1,4000}'|(?:(?:bearer|basic) )?[^\\s,;&"'}]{1,4000})`,
  'gi',
)

/**
 * Text that somebody else wrote, such as a service's log, without what looks like a secret: values under telling names, what follows
 * `Bearer` and `Basic`, JSON web tokens, passwords in URLs. A guess: what is known to be secret belongs into a {@link Redactor}.
 */
export function maskLikelySecrets(text: string): string {
  return new Redactor()
    .text(text)
    .replace(namedValue, `$1${mask}`)
    .replace(/\b(bearer|basic) [\w.~+/=-]{8,}/gi, `$1 ${mask}`)
    .replace(/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, mask)
}
