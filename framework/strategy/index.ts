export * from './choose.ts'
export * from './outage.ts'
export * from './strategy.ts'
