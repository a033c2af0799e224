import { defineToxic } from './toxic.ts'

/** The kernel accepts at once, the proxy only `delay` ms later: until then nothing is read and no server is dialled. */
export const slowAccept = defineToxic({
  type: 'slow_accept',
  defaults: { delay: 0 },
  acceptDelayMs: ({ delay }) => delay,
})
