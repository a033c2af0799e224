import { Client } from 'pg'
import { orAbort } from '#core'
import type { Channel, ChannelEnd, OpenChannel } from '../channel.ts'
import { findingOf } from '../families.ts'
import type { Finding } from '../finding.ts'
import type { Sessions } from '../observation.ts'
import { resolvingSocket } from '../resolve.ts'
import { closedByPeer, timeConnect } from '../socket.ts'

/** More than a server has to say in one look. */
const maxBytes = 256 * 1024

/** A kept session carries a large payload, both ways, on every so many looks: a path may pass small messages only. */
const largeEvery = 4
const largePayload = 'x'.repeat(32 * 1024)

/** What touches no table: whether the server takes writes, and if not by default, who said so. */
const question = `SELECT pg_is_in_recovery() AS recovering,
  CASE WHEN current_setting('default_transaction_read_only') = 'on'
    THEN (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only') END AS "readOnlyBy"`

/** Sessions of another user on another database than ours are not the application's, however it is scaled. */
const census = `SELECT count(*)::int AS sessions,
  count(*) FILTER (WHERE usename <> current_user AND datname <> current_database())::int AS others,
  current_setting('max_connections')::int AS slots
  FROM pg_stat_activity WHERE usesysid IS NOT NULL`

/** Where a setting comes from that holds for the whole server; one of a database or a role may be a migration's doing. */
const ofServer: ReadonlySet<string> = new Set(['configuration file', 'command line', 'environment variable'])

interface Answer {
  readonly recovering: boolean
  readonly readOnlyBy: string | null
}

/**
 * One session: connect, authenticate, then a query that touches no table. A server in recovery, or one that is set to, only
 * reads, which is `unwell` unless the address says by libpq's `target_session_attrs` that a standby will do.
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
  let asked = 0
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
      asked += 1
      const isLarge = asked % largeEvery === 0
      if (isLarge) {
        watch.bytes = largePayload.length
        await client.query('SELECT $1::text', [largePayload])
      }
      const { rows } = await client.query<Answer>(question)
      watch.lap('firstByteMs')
      watch.stop()
      const sessions = isLarge ? await countSessions(client) : undefined
      return { ...(standbyWillDo ? well : findingFor(rows[0])), ...(sessions && { sessions }) }
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

const well: Finding = { outcome: 'ok' }

function findingFor(answer: Answer | undefined): Finding {
  if (answer?.recovering === true)
    return { outcome: 'unwell', code: '25006', detail: 'the server is in recovery: it only reads' }
  if (answer?.readOnlyBy && ofServer.has(answer.readOnlyBy))
    return { outcome: 'unwell', code: '25006', detail: `the server only reads, by its ${answer.readOnlyBy}` }
  return well
}

/** A server that can't tell has answered all the same. */
async function countSessions(client: Client): Promise<Sessions | undefined> {
  const { rows } = await client.query<Sessions>(census).catch(() => ({ rows: [] }))
  return rows[0]
}

function acceptsStandby(address: string): boolean {
  const wanted = new URL(address).searchParams.get('target_session_attrs')
  return wanted !== null && ['any', 'read-only', 'standby', 'prefer-standby'].includes(wanted)
}
