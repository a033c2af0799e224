export * from './attempt.ts'
export * from './coordinator/index.ts'
export * from './host.ts'
export * from './patiently.ts'
