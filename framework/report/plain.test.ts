import { expect, test } from 'vitest'
import { plain } from './plain.ts'

test('terminal sequences are taken out, and what they coloured stays', () => {
  expect(plain('\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007')).toBe(
    'red link',
  )
})

test('characters that reorder or hide text are written out', () => {
  expect(plain('\u202egnp.exe')).toBe('⟨U+202E⟩gnp.exe')
  expect(plain('a\u200bb\ufeff')).toBe('a⟨U+200B⟩b⟨U+FEFF⟩')
})

test('control characters are replaced, tabs and line breaks are kept', () => {
  expect(plain('a\u0000b\u0085\tc\n')).toBe('a\ufffdb\ufffd\tc\n')
})
