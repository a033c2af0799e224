import { defineToxic } from './toxic.ts'

/** New connections' handshakes never complete, as with a firewall that drops; kept connections go on. */
export const connectHang = defineToxic({ type: 'connect_hang', defaults: {}, door: 'hang' })
