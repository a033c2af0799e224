import type { z } from 'zod'
import { configSchema } from '../../framework/settings/schema.ts'

type Schema = z.core.$ZodType

/**
 * Every key that a configuration may have, as dotted paths; `*` stands for a name that the user chooses. What is one of
 * several kinds begins with its kind, wherever it may stand: `remote.services.*.url`, `postgres.version`.
 */
export function settingsKeys(): string[] {
  return [...new Set(keysWithin(configSchema, []))]
}

function keysWithin(schema: Schema, at: readonly string[]): string[] {
  const { def } = schema._zod
  if (def.type === 'optional') return keysWithin((def as z.core.$ZodOptionalDef).innerType, at)
  if (def.type === 'record') return keysWithin((def as z.core.$ZodRecordDef).valueType, [...at, '*'])
  if (def.type === 'union')
    return (def as z.core.$ZodUnionDef).options.flatMap((option) => keysWithin(option, at))
  if (def.type !== 'object') return []
  const { shape } = def as z.core.$ZodObjectDef
  const kind = literalOf(shape['kind'])
  const here = kind === undefined ? at : [kind]
  return Object.entries(shape)
    .filter(([key]) => key !== 'kind')
    .flatMap(([key, value]) => [[...here, key].join('.'), ...keysWithin(value, [...here, key])])
}

function literalOf(schema: Schema | undefined): string | undefined {
  if (schema?._zod.def.type !== 'literal') return undefined
  return String((schema._zod.def as z.core.$ZodLiteralDef<string>).values[0])
}
