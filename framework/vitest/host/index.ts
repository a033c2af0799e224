export { chaosClients } from '../chaos-clients.ts'
export * from './host.ts'
export type { WorkerInfo } from './observer.ts'
