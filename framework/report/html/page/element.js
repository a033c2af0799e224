/**
 * A new element; text is text, never markup.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 */
export function element(name, attributes = {}, text) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (text !== undefined) made.textContent = text
  return made
}
