export * from './client.ts'
export * from './guide.ts'
export * from './server.ts'
export type { CoordinatorAddress } from './wire.ts'
