import { plain } from './plain.ts'

/** Markdown in which text is only text: no markup, no HTML, no mention of a person, on one line; also in a table. */
export function text(value: string): string {
  return plain(value)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u2060')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
}
