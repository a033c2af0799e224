export * from './verdict.ts'
