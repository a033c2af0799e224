/** The way that bytes go: `upstream` from client to server, `downstream` back. */
export type Direction = 'upstream' | 'downstream'
