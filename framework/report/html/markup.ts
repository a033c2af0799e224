import { plain } from '../plain.ts'

/** HTML that is safe to put into a page. Only {@link html} and {@link raw} make it. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | null | readonly Part[]

/** A template whose values are escaped, unless they are {@link Markup} themselves. A list is joined; null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((text, string, index) => `${text}${textOf(parts[index - 1] ?? null)}${string}`),
  )
}

/** Text of our own that is HTML already. Never for anything that came from a run. */
export function raw(text: string): Markup {
  return new Markup(text)
}

/** JSON for a `<script type="application/json">`: nothing in it can end the element or begin a comment. */
export function inertJson(value: unknown): Markup {
  const json = JSON.stringify(value, (_key, item) => (typeof item === 'string' ? plain(item) : item))
  return new Markup(
    json.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function textOf(part: Part): string {
  if (part === null) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(textOf).join('')
  return plain(String(part)).replace(/[&<>"']/g, (found) => entities[found]!)
}
