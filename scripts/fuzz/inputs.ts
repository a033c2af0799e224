import fc from 'fast-check'

/** Any text: of any characters, of lone surrogates, and of what parsers stumble over. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 20 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'toString',
    '\0',
    '%',
    '%zz',
    '\ud800',
    '1e999',
    '-0',
    'null',
    '{',
    '💥',
  ),
)

/** Plain values with keys that objects have by themselves, deep ones, and wrong ones. */
export const values: fc.Arbitrary<unknown> = fc.oneof(
  texts,
  fc.anything({ key: texts, maxDepth: 3, maxKeys: 6 }),
  fc.jsonValue(),
)

/** A valid value in which some leaf or branch is another. */
export function mutated<Value>(valid: Value, others: fc.Arbitrary<unknown> = values): fc.Arbitrary<Value> {
  const paths = pathsOf(valid)
  const changes = fc.array(
    fc.record({ path: fc.constantFrom(...paths), other: others, drop: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  return changes.map(
    (all) => all.reduce((made, change) => put(made, change.path, change), valid as unknown) as Value,
  )
}

/** Texts near the grammar of valid ones: pieces of them, joined, with others between. */
export function near(valid: readonly string[]): fc.Arbitrary<string> {
  const pieces = [...new Set(valid.flatMap((text) => [text, ...text.split(/(?<=\W)|(?=\W)/)]))]
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: texts }), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''))
}

type Path = readonly string[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || path.length > 8) return [path]
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))]
}

function put(value: unknown, [key, ...rest]: Path, change: { other: unknown; drop: boolean }): unknown {
  if (key === undefined) return change.other
  if (typeof value !== 'object' || value === null) return value
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
  if (rest.length === 0 && change.drop) delete copy[key]
  else copy[key] = put(copy[key], rest, change)
  return copy
}
