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

/** Plain words and small numbers: masking them would mangle names, kinds and outcomes, by which a run is judged. */
const tooPlain = /^(?:[a-z]{0,10}|\d{0,7}|.{0,3})$/is

/** No registered secret is shorter, nor any form of one, nor a URL with a password. */
const shortestForm = 4

/** Removes known secrets from text, in the encodings that Faultline's outputs use. */
export class Redactor {
  readonly #values = new Set<string>()
  readonly #forms = new Set<string>()
  #pattern: RegExp | undefined

  /** What was registered, to be told to another process. */
  get values(): readonly string[] {
    return [...this.#values]
  }

  /**
   * Registers a value. Shorter than four characters, a word of up to ten letters and a number of up to seven digits are refused
   * silently, for they are in any text: a password `postgres` is masked as the password of a URL only.
   */
  add(value: string): void {
    if (tooPlain.test(value) || this.#values.has(value)) return
    this.#values.add(value)
    for (const form of formsOf(value)) this.#forms.add(form)
    this.#pattern = undefined
  }

  /** Registers what is secret in a URL: its password, or else the user, and what its query calls by a telling name. */
  addUrl(address: string): void {
    const url = URL.parse(address)
    if (url === null) return
    for (const value of [url.password || url.username, ...secretParameters(url)]) {
      this.add(value)
      this.add(decoded(value))
    }
  }

  /** Registers the environment variables whose name says that they are secret, and what is secret in those that are URLs. */
  addVariables(variables: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value = ''] of Object.entries(variables))
      if (secretVariable.test(name)) this.add(value)
      else if (value.includes('://')) this.addUrl(value)
  }

  /** Registers what the headers that carry secrets hold. */
  addHeaders(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers))
      if (secretHeader.test(name)) this.addCredential(value)
  }

  /** Registers the value of such a header: whole, and of `Bearer …`, `Basic …` and cookies what is secret in it. */
  addCredential(value: string): void {
    this.add(value)
    const [scheme = '', given] = value.split(' ')
    if (given !== undefined) this.add(given)
    if (given !== undefined && /^basic$/i.test(scheme))
      this.add(
        Buffer.from(given, 'base64')
          .toString()
          .replace(/^[^:]*:/, ''),
      )
    for (const [, cookie] of value.matchAll(/[^\s=;]+=([^;]+)/g)) this.add(cookie!)
  }

  /** The text without registered secrets and without the password of any URL. */
  text(text: string): string {
    if (text.length < shortestForm) return text
    if (this.#forms.size > 0) this.#pattern ??= anyOf(this.#forms)
    const masked = this.#pattern ? text.replace(this.#pattern, mask) : text
    return masked.includes('://')
      ? masked.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/'"]*):[^\s@/'"]+@/gi, `$1:${mask}@`)
      : masked
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

/** A value as it stands in the texts that hold it: URLs, forms, JSON, JSON within JSON, headers such as `Basic`, dumps. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const json = JSON.stringify(value).slice(1, -1)
  const hex = bytes.toString('hex')
  const encoded = [
    encodeURIComponent(value.toWellFormed()),
    new URLSearchParams([['', value]]).toString().slice(1),
  ]
  const lowerCased = encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))
  return [
    ...[value, json, JSON.stringify(json).slice(1, -1), hex, hex.toUpperCase(), ...encoded, ...lowerCased],
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    ...[0, 1, 2].flatMap((offset) => base64Within(bytes, offset)),
  ]
}

/** The characters that stand for the bytes alone when base64 begins `offset` bytes, modulo 3, before them, as in `user:password`. */
function base64Within(bytes: Buffer, offset: number): string[] {
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor(((offset + bytes.length) * 8) / 6)
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .slice(from, to)
  return text.length < 5 ? [] : [text, text.replaceAll('+', '-').replaceAll('/', '_')]
}

/** Longest first, so that no form is cut by a shorter one within it. */
function anyOf(forms: ReadonlySet<string>): RegExp {
  const sorted = [...forms].sort((a, b) => b.length - a.length)
  return new RegExp(sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}

function secretParameters(url: URL): string[] {
  return [...url.searchParams].filter(([name]) => secretParameter.test(name)).map(([, value]) => value)
}

/** Percent signs that encode nothing stand for themselves. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const secretVariable =
  /(?:^|[_-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|COOKIE)(?:[_-]?\d+)?$|^PG_?PASSWORD$/i
const secretHeader = /auth|cookie|token|key|secret|signature/i
const secretParameter = /pass|pwd|secret|token|key|sig|auth|cred|code|session|jwt/i
const secretNames =
  'password|passwd|pwd|passphrase|secret|token|jwt|authorization|cookie|api[-_]?key|access[-_]?key|private[-_]?key|credentials?|signature|session[-_]?id|sid'
/** `name: value`, `"name": "value"`, `'name': [ 'value'`, `name=value`, `"name", "value"`, PostgreSQL's `(name)=(value)`. */
const between = `\\\\*["']?[ \\t]{0,3}[:=][ \\t]{0,3}(?:\\[\\s{0,9})?|["'][ \\t]{0,3},\\s{0,9}|\\)=\\(`
const quoted = `"(?:[^"\\\\]|\\\\.){1,4000}"|'[^']{1,4000}'|\\\\+"[^"\\\\]{1,4000}\\\\+"`
const namedValue = new RegExp(
  `((?:${secretNames})(?:${between}))(${quoted}|(?:(?:bearer|basic) )?[^\\s,;&"'})\\\\]{1,4000})`,
  'gi',
)
/** Headers of many parts: the rest of the line is theirs. */
const wholeLine =
  /(\b(?:cookie|authorization)[ \t]{0,3}:[ \t]{0,3})[^\s"'[][^\r\n"']{0,4000}(?:"[^\r\n"']{0,4000}){0,20}/gi
/** A token in place of a user. */
const tokenAsUser = /(:\/\/)[^\s:@/'"]{16,400}@/g

/**
 * Text that somebody else wrote, such as a service's log, without what looks like a secret: values under telling names, what follows
 * `Bearer` and `Basic`, JSON web tokens, passwords in URLs. A guess: what is known to be secret belongs into a {@link Redactor}.
 */
export function maskLikelySecrets(text: string): string {
  return new Redactor()
    .text(text)
    .replace(wholeLine, `$1${mask}`)
    .replace(tokenAsUser, `$1${mask}@`)
    .replace(namedValue, (whole, name: string, value: string) =>
      // `token: expected …` is a sentence.
      (/\s$/.test(name) && /^[a-z_]+$/i.test(value)) || value === mask.slice(1) ? whole : `${name}${mask}`,
    )
    .replace(/\b(bearer|basic) [\w.~+/=-]{8,}/gi, `$1 ${mask}`)
    .replace(/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, mask)
}
