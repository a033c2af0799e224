import { stripVTControlCharacters } from 'node:util'

/** Characters that turn the direction of text around, or that nobody can see. */
const hidden = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** Control characters but tab and line breaks. */
const control = /[^\P{Cc}\t\n\r]/gu

/**
 * Text from outside as it may be shown: without terminal sequences and control characters, and with every character that
 * hides or reorders text written out as `⟨U+202E⟩`.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(control, '\ufffd')
    .replace(hidden, (found) => `⟨U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}
