export * from './exchange.ts'
export * from './signal.ts'
