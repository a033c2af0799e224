export * from './decide.ts'
export * from './fingerprint.ts'
export * from './known-issue.ts'
export * from './overrides.ts'
