/** How long a look may take, and from when on a good answer is slow, in ms. */
export interface LookTimes {
  readonly timeoutMs: number
  readonly slowMs: number
}

/** All on one machine: short enough for a look every 250 ms to show an outage within a second. */
export const embeddedLookTimes: LookTimes = { timeoutMs: 1_000, slowMs: 250 }

/** Across a network that nobody here controls. */
export const remoteLookTimes: LookTimes = { timeoutMs: 2_000, slowMs: 1_000 }
