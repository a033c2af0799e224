import type { ToxicSpec } from '../toxiproxy.ts'
import type { Figure } from './figure.ts'

/** Any JSON in which each number is a figure. */
type Figured = string | boolean | Figure | readonly Figured[] | { readonly [key: string]: Figured }

/** A toxic, with the origin of each of its numbers. */
export interface ProfileToxic {
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  readonly attributes?: Readonly<Record<string, Figure | string>>
  readonly toxicity?: Figure
  readonly applies?: 'new' | 'kept'
  readonly trigger?: Readonly<Record<string, Figured>>
  readonly schedule?: Readonly<Record<string, Figured>>
}

/** Trouble as it really happens on a link: what it is, and the toxics that model it. */
export interface Profile {
  readonly name: string
  /** What it models, in a sentence or two. */
  readonly models: string
  readonly toxics: readonly ProfileToxic[]
}

/** A figure, and where in the profile it stands. */
export interface PlacedFigure extends Figure {
  /** The toxic's type and the way to the number, as `latency.jitter`. */
  readonly place: string
}

/** The toxics as the API takes them. */
export function toxicsOfProfile(profile: Profile): readonly ToxicSpec[] {
  return profile.toxics.map((toxic) => plain({ attributes: {}, ...toxic }) as ToxicSpec)
}

/** Every figure of a profile, in the order in which they are written; one that stands in both directions once. */
export function figuresOf(profile: Profile): readonly PlacedFigure[] {
  const figures = profile.toxics.flatMap(({ type, attributes, ...rest }) => [
    ...walk(attributes, type),
    ...walk(rest, type),
  ])
  return [...new Map(figures.map((figure) => [JSON.stringify(figure), figure])).values()]
}

/** Whether most of its figures are assumed: it shows a kind of trouble, not how bad that is. */
export function isIllustrative(profile: Profile): boolean {
  const figures = figuresOf(profile)
  return figures.filter(({ basis }) => basis === 'assumed').length * 2 > figures.length
}

function plain(node: unknown): unknown {
  if (isFigure(node)) return node.value
  if (Array.isArray(node)) return node.map(plain)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, plain(inner)]))
}

function walk(node: unknown, place: string): PlacedFigure[] {
  if (isFigure(node)) return [{ ...node, place }]
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, inner]) => walk(inner, `${place}.${key}`))
}

function isFigure(node: unknown): node is Figure {
  return typeof node === 'object' && node !== null && 'basis' in node
}
