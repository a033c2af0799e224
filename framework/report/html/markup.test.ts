import { expect, test } from 'vitest'
import { html, inertJson } from './markup.ts'

test('values are escaped, in text and in attributes', () => {
  expect(html`<p title="${'"><script>'}">${"<b>&'"}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>',
  )
})

test('markup inside markup is kept, lists are joined, null is nothing', () => {
  expect(html`<ul>${[1, 2].map((item) => html`<li>${item}</li>`)}${null}</ul>`.text).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  )
})

test('JSON for a script element can neither end it nor begin a comment, and reads back as it was', () => {
  const value = { name: '</script><!-- & \u2028' }
  const { text } = inertJson(value)
  expect(text).not.toMatch(/[<>&\u2028]/)
  expect(JSON.parse(text)).toEqual(value)
})
