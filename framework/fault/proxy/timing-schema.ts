import * as z from 'zod'
import type { Timing } from './timing.ts'

const ms = z.number().min(0)
const values = z.record(z.string(), z.union([z.number(), z.string()]))

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step'),
    steps: z.array(z.strictObject({ at: ms, attributes: values })).min(1),
  }),
  z.strictObject({
    kind: z.literal('ramp'),
    at: ms.default(0),
    duration: ms,
    to: z.record(z.string(), z.number()),
    hold: ms.default(0),
    back: ms.optional(),
  }),
  z.strictObject({
    kind: z.literal('flap'),
    at: ms.default(0),
    period: z.number().positive(),
    duty: z.number().min(0).max(1),
  }),
  z.strictObject({ kind: z.literal('oneshot'), at: ms.default(0), duration: ms }),
])

/** Reads {@link Timing}. */
export const timingSchema = z.object({
  applies: z.enum(['new', 'kept', 'all']).optional(),
  trigger: z
    .strictObject({
      after_connections: z.int().min(0).optional(),
      after_bytes: z.int().min(0).optional(),
      on_first_byte_back: z.boolean().optional(),
    })
    .optional(),
  schedule: schedule.optional(),
}) satisfies z.ZodType<Timing>
