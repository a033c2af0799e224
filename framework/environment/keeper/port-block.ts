import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import type { PortBlock } from './protocol.ts'

const blockSize = 256
const lowestPort = 10_240

/**
 * Binds `server` to the first port of a block that no other run holds, and gives the rest of the block.
 *
 * A port must stay its service's own while the service is down, so blocks lie below the range that the system
 * hands out to outgoing connections: inside it, a client that dials a closed port can even be connected to itself.
 * Where all blocks are held, the port is the system's choice and the block is empty.
 */
export async function listenOnBlock(server: Server, highestPort = ephemeralStart()): Promise<PortBlock> {
  const count = Math.max(0, Math.floor((highestPort - lowestPort) / blockSize))
  const offset = count > 0 ? randomInt(count) : 0
  for (let index = 0; index < count; index++) {
    const base = lowestPort + ((offset + index) % count) * blockSize
    if (await tryListen(server, base)) return { first: base + 1, size: blockSize - 1 }
  }
  await tryListen(server, 0)
  return { first: 0, size: 0 }
}

function tryListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error)
    server.once('error', refused)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused)
      resolve(true)
    })
  })
}

function ephemeralStart(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10)
  } catch {
    // macOS and the BSDs begin at 49152 by default.
    return 49_152
  }
}
