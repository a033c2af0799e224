export * from './links.ts'
export * from './topology.ts'
