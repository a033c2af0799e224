/** Most members of one AggregateError that are read. */
const mostMembers = 20

/** A value whose fields may be read. */
export function isErrorLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A field, or undefined when reading it throws. */
export function read(value: object, key: string | symbol): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    return undefined
  }
}

/** A field that is a string. */
export function textField(value: object, key: string): string | undefined {
  const field = read(value, key)
  return typeof field === 'string' ? field : undefined
}

/** A field that is a number. */
export function numberField(value: object, key: string | symbol): number | undefined {
  const field = read(value, key)
  return typeof field === 'number' ? field : undefined
}

/** A field under a symbol that only its description tells: `ws` marks the close code of its errors so. */
export function describedNumber(value: object, description: string): number | undefined {
  try {
    const key = Object.getOwnPropertySymbols(value).find((symbol) => symbol.description === description)
    return key && numberField(value, key)
  } catch {
    return undefined
  }
}

/** Whether the value has a field of that name, its own or inherited; false when it refuses to say. */
export function hasField(value: object, key: string): boolean {
  try {
    return key in value
  } catch {
    return false
  }
}

/**
 * What caused an error, as far as it carries that: its cause, the members of an AggregateError, the error of an
 * ErrorEvent, and a value under test that is an error itself.
 */
export function causesOf(error: object): object[] {
  const members = read(error, 'errors')
  const actual = read(error, 'actual')
  return [
    read(error, 'cause'),
    ...firstOf(members),
    read(error, 'error'),
    read(error, 'reason'),
    isError(actual) ? actual : undefined,
  ].filter(isErrorLike)
}

function firstOf(members: unknown): unknown[] {
  try {
    return Array.isArray(members) ? members.slice(0, mostMembers) : []
  } catch {
    return []
  }
}

function isError(value: unknown): boolean {
  try {
    return Error.isError(value) || value instanceof Error
  } catch {
    return false
  }
}
