import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { bindError, formatHostPort, type HostPort } from './address.ts'
import { socketOptions } from './dial.ts'

/** A bound TCP listener. */
export interface Listener {
  /** The real address, with the port that the system chose where none was given. */
  readonly address: string
  /** Stops accepting: the port is free at once. Settles when the last connection that it had accepted is over. */
  close(): Promise<void>
}

/** Binds; accepted sockets are paused. Rejects with an {@link ApiError} that says why the address can't be had. */
export async function listen(at: HostPort, accept: (socket: Socket) => void): Promise<Listener> {
  const server = createServer({ ...socketOptions, pauseOnConnect: true }, accept)
  try {
    server.listen({ host: at.host, port: at.port, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    throw bindError(at, error as NodeJS.ErrnoException)
  }
  // A failing accept (no file descriptors left) leaves the listener open: the next one may succeed.
  server.on('error', () => {})
  const { address: host, port } = server.address() as AddressInfo
  return { address: formatHostPort({ host, port }), close: () => closeServer(server) }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
