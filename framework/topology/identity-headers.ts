/** Names of the response headers by which a service of ours says which build and instance answered. */
export interface IdentityHeaders {
  readonly build: string
  readonly instance: string
  /** Epoch ms, or a date in ISO 8601. */
  readonly startedAt: string
}

export const defaultIdentityHeaders: IdentityHeaders = {
  build: 'x-build-id',
  instance: 'x-instance-id',
  startedAt: 'x-started-at',
}
