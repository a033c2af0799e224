export type { CoordinatorAddress } from './address.ts'
export * from './client.ts'
export * from './guide.ts'
export * from './server.ts'
