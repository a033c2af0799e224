export * from './folder.ts'
export * from './read.ts'
export * from './record.ts'
export { type Journal, openJournal } from './write.ts'
