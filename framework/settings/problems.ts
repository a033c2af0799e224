import type { z } from 'zod'
import { nearest } from '#core'
import { configSchema } from './schema.ts'

/** One mistake in a configuration: where, as dotted keys, and what was expected. */
export interface ConfigProblem {
  readonly where: string
  readonly message: string
}

/** Turns a schema's issues into problems; an unknown key says which known one was probably meant. */
export function problemsOfIssues(issues: readonly z.core.$ZodIssue[], raw: unknown): ConfigProblem[] {
  return issues.flatMap((issue): ConfigProblem[] => {
    const where = issue.path.join('.')
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...issue.path, key]))
    if (issue.code === 'invalid_value') {
      const given = valueAt(raw, issue.path)
      const choices = issue.values.map(String)
      const meant = typeof given === 'string' ? nearest(given, choices) : undefined
      return [
        {
          where,
          message: `expected ${choices.map((choice) => `"${choice}"`).join(' or ')}${given === undefined ? '' : `, not ${shown(given)}`}${didYouMean(meant)}`,
        },
      ]
    }
    return [{ where: where || 'the default export', message: issue.message.replace(/^Invalid input: /, '') }]
  })
}

function unknownKey(path: readonly PropertyKey[]): ConfigProblem {
  const key = String(path.at(-1))
  return {
    where: path.join('.'),
    message: `is not a key that is known here${didYouMean(nearest(key, knownKeys(path.slice(0, -1))))}`,
  }
}

function didYouMean(meant: string | undefined): string {
  return meant ? `; did you mean "${meant}"?` : ''
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : typeof value
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw)
}

/** The keys that the schema knows at a path; a union offers those of all its members. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schemas: z.core.$ZodType[] = [configSchema]
  for (const key of path) schemas = schemas.flatMap((schema) => stepInto(schema, key))
  return schemas.flatMap((schema) => {
    const { def } = unwrap(schema)._zod
    return isUnion(def) ? def.options.flatMap((option) => keysOf(option)) : keysOf(unwrap(schema))
  })
}

function stepInto(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  const inner = unwrap(schema)
  const { def } = inner._zod
  if (isObject(def)) return def.shape[String(key)] ? [def.shape[String(key)]!] : []
  if (isRecord(def)) return [def.valueType]
  if (isUnion(def)) return def.options.flatMap((option) => stepInto(option, key))
  return []
}

function keysOf(schema: z.core.$ZodType): string[] {
  const { def } = unwrap(schema)._zod
  return isObject(def) ? Object.keys(def.shape) : []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod
  return def.type === 'optional' ? unwrap((def as z.core.$ZodOptionalDef).innerType) : schema
}

const isObject = (def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef => def.type === 'object'
const isRecord = (def: z.core.$ZodTypeDef): def is z.core.$ZodRecordDef => def.type === 'record'
const isUnion = (def: z.core.$ZodTypeDef): def is z.core.$ZodUnionDef => def.type === 'union'
