export type { Exchange, Producer } from '#run'
