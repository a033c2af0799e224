import { defineToxic } from './toxic.ts'

/** Closes the listener: new connections are refused by the kernel, kept ones go on. */
export const refuse = defineToxic({ type: 'refuse', defaults: {}, door: 'refuse' })
