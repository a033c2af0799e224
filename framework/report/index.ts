export * from './console.ts'
export * from './junit.ts'
export * from './run-report.ts'
export * from './style.ts'
