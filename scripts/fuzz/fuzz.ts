import type { Area } from './area.ts'
import { doors } from './doors.ts'
import { proxyApi } from './proxy-api.ts'
import { readers } from './readers.ts'

export const areas: readonly Area[] = [...readers, ...doors, ...proxyApi]

export interface Share {
  readonly area: Area
  readonly runs: number
}

/** How many inputs each door gets, so that all of them together get at least `runs`. */
export function shares(runs: number): Share[] {
  const all = areas.reduce((sum, { weight }) => sum + weight, 0)
  return areas.map((area) => ({ area, runs: Math.ceil((runs * area.weight) / all) }))
}
