export * from './describe-with.ts'
export * from './infrastructure-aware-test.ts'
export * from './powers/power.ts'
