export * from './project.ts'
export * from './records.ts'
export * from './run-evidence.ts'
export { atTier } from './tier.ts'
