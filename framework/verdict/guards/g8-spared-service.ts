import { fewestLooks } from './g1-outside-witness.ts'
import type { Guard } from './guard.ts'

/**
 * G8: a test that says it can do without a service is about how the application bears its absence too. While that service was away,
 * the failure may be that; and no rerun with the service back shows the contrary.
 */
export const sparedService: Guard = ({ trouble, outages }) => {
  if (trouble.kind !== 'failure') return []
  return outages
    .filter(
      ({ service, overlaps, looks }) => overlaps && looks >= fewestLooks && trouble.spared.includes(service),
    )
    .map(({ service, link }) => ({
      guard: 'G8',
      class: 'infrastructure',
      text: `the test says that it can do without ${service}, and ${link} was dead: it may have failed for how the application bears that`,
    }))
}
