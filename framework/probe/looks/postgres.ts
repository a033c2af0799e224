import { Client } from 'pg'
import { orAbort } from '#core'
import type { Channel, ChannelEnd, OpenChannel } from '../channel.ts'
import { findingOf } from '../families.ts'
import { resolvingSocket } from '../resolve.ts'
import { closedByPeer, timeConnect } from '../socket.ts'

/** More than a server has to say in one look. */
const maxBytes = 256 * 1024

/**
 * One session: connect, authenticate, then a query that touches no table. A server in recovery only reads, which
 * is `unwell` unless the address says by libpq's `target_session_attrs` that a standby will do.
 */
export const openPostgres: OpenChannel = async (target, stopwatch, signal) => {
  const standbyWillDo = acceptsStandby(target.address)
  const socket = resolvingSocket()
  timeConnect(socket, stopwatch)
  const client = new Client({
    connectionString: target.address,
    stream: () => socket,
    fallback_application_name: 'faultline-probe',
    ...(target.ca === undefined ? {} : { ssl: { ca: target.ca } }),
  })
  let end: ChannelEnd | undefined
  const lose = (error: unknown) => {
    end ??= { kind: 'lost', finding: findingOf(error) }
  }
  client.on('error', lose)
  client.on('end', () => lose(closedByPeer()))
  let allowedBytes = maxBytes
  socket.on('data', () => {
    if (socket.bytesRead > allowedBytes) socket.destroy(new Error(`sent more than ${maxBytes} bytes`))
  })
  try {
    await orAbort(client.connect(), signal)
  } catch (error) {
    socket.destroy()
    throw error
  }
  const channel: Channel = {
    async ask(watch) {
      watch.restart()
      allowedBytes = socket.bytesRead + maxBytes
      const { rows } = await client.query<{ recovering: boolean }>(
        'SELECT 1, pg_is_in_recovery() AS recovering',
      )
      watch.lap('firstByteMs')
      if (rows[0]?.recovering === true && !standbyWillDo)
        return { outcome: 'unwell', code: '25006', detail: 'the server is in recovery: it only reads' }
      return { outcome: 'ok' }
    },
    get end() {
      return end
    },
    close() {
      // A goodbye keeps the server's log clean; the socket goes as soon as that is written.
      client.end().catch(() => {})
      socket.destroySoon()
    },
  }
  return channel
}

function acceptsStandby(address: string): boolean {
  const wanted = new URL(address).searchParams.get('target_session_attrs')
  return wanted !== null && ['any', 'read-only', 'standby', 'prefer-standby'].includes(wanted)
}
