export * from './attempt.ts'
export * from './host.ts'
