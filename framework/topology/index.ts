export * from './identity-headers.ts'
export * from './links.ts'
export * from './topology.ts'
