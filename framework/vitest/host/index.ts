export * from './host.ts'
export type { WorkerInfo } from './observer.ts'
