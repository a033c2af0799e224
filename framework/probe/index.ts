export * from './observation.ts'
