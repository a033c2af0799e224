/** XML 1.0 text: markup escaped, and the characters left out that the format can't hold. */
export function xml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|\ufffe|\uffff/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
