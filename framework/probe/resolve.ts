import { ADDRCONFIG, type LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import net from 'node:net'

const underWay = new Map<string, Promise<LookupAddress[]>>()

/**
 * The addresses of a name by the system's resolver, as any program on this machine gets them. That call can't be given up
 * and holds one of the process's four threads for it; so a name is asked for once at a time, and a dead zone can't take
 * the threads that looks at other names need.
 */
export function resolve(name: string): Promise<LookupAddress[]> {
  const shared = underWay.get(name)
  if (shared) return shared
  const answer = lookup(name, { all: true, hints: ADDRCONFIG }).finally(() => underWay.delete(name))
  underWay.set(name, answer)
  return answer
}

/** Makes a socket resolve names by {@link resolve}, also when somebody else connects it. */
export function resolvingSocket(): net.Socket {
  const socket = new net.Socket()
  const connect = socket.connect.bind(socket)
  const connectTo = (port: number | string, host = 'localhost') =>
    typeof port === 'string' ? connect(port) : connect({ port, host, lookup: answerFor })
  return Object.assign(socket, { connect: connectTo })
}

const answerFor: net.LookupFunction = (name, options, callback) => {
  resolve(name).then(
    (addresses) => {
      if (options.all) callback(null, addresses)
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    },
    (error: NodeJS.ErrnoException) => callback(error, []),
  )
}
