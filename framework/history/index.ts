export * from './history.ts'
export * from './remembered.ts'
