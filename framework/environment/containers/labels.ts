/** On every container and network of a run: the run's lease. What doesn't carry it is never touched. */
export const leaseLabel = 'faultline.lease'

/** On every container and network of a run: which processes own it, as JSON. */
export const ownerLabel = 'faultline.owner'

/** On every container: what it is in the run, a service's name or one of ours. */
export const roleLabel = 'faultline.role'
