import type { Disagreement, Figure, NamedFigure } from './budget.ts'

/** A figure under its name; `undefined` where the system has none. */
export function named(name: string, figure: Figure | undefined): NamedFigure | undefined {
  if (figure === undefined) return undefined
  return typeof figure === 'number' ? { name, value: figure } : { name, ...figure }
}

/** A sum of figures, named by its parts; `undefined` if none of them is there. */
export function sum(...parts: readonly (NamedFigure | undefined)[]): NamedFigure | undefined {
  const present = parts.filter((part) => part !== undefined)
  if (present.length < 2) return present[0]
  const from = [...new Set(present.flatMap((part) => part.from ?? []))].join(', ')
  return {
    name: present.map((part) => part.name).join(' + '),
    value: present.reduce((total, part) => total + part.value, 0),
    ...(from && { from }),
  }
}

/** What a rule says where `greater` isn't greater than `lesser`. */
export interface Reading {
  readonly rule: string
  /** How `greater` fails: `doesn't outlast`. */
  readonly fails: string
  readonly remedy: string
  /** ` ms` unless told. */
  readonly unit?: string
  /** Whether being equal is enough. */
  readonly orEqual?: boolean
}

/** Nothing if `greater` is greater, or one of the two isn't there. */
export function mustExceed(
  greater: NamedFigure | undefined,
  lesser: NamedFigure | undefined,
  { rule, fails, remedy, unit = ' ms', orEqual = false }: Reading,
): Disagreement[] {
  if (!greater || !lesser || greater.value > lesser.value) return []
  if (orEqual && greater.value === lesser.value) return []
  const show = ({ name, value, from }: NamedFigure) =>
    `${name} (${value.toLocaleString('en')}${unit}${from ? `, ${from}` : ''})`
  return [{ rule, between: [greater, lesser], message: `${show(greater)} ${fails} ${show(lesser)}`, remedy }]
}
