/** Where a worker finds the run's owner: a port on 127.0.0.1, and the token that lets it in. */
export interface CoordinatorAddress {
  readonly port: number
  readonly token: string
}
