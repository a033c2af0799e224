/** On every container and network of a run: the run's lease. What doesn't carry it is never touched. */
export const leaseLabel = 'faultline.lease'

/** On every container and network of a run: which processes own it, as JSON. */
export const ownerLabel = 'faultline.owner'

/** On every container of a service or of ours: what it is in the run, a service's name or one of ours. */
export const roleLabel = 'faultline.role'

/** Docker Compose's own: on everything of one project, and on containers the name of their service. */
export const composeProjectLabel = 'com.docker.compose.project'
export const composeServiceLabel = 'com.docker.compose.service'

/** The project of a run: by its name its containers, networks and volumes are found, whoever is left to look for them. */
export function composeProject(leaseId: string): string {
  return `faultline-${leaseId}`
}
