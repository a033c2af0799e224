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

/**
 * A kept session carries a large payload, both ways, on every so many looks: a path may pass small messages only. Then the server
 * counts, too; on every look where no link stands between, since such a look may be the only one left.
 */
const largeEvery = 4
const largePayload = 'x'.repeat(32 * 1024)

/** What touches no table: whether the server takes writes, and if not by default, who said so. */
const question = `SELECT pg_is_in_recovery() AS recovering,
  CASE WHEN current_setting('default_transaction_read_only') = 'on'
    THEN (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only') END AS "readOnlyBy"`

/**
 * Sessions of another user on another database than ours are not the application's, however it is scaled. When somebody's session
 * began, and its last query, shows whose way to the server works; a role that may not read that is told nothing of it.
 */
const census = `WITH activity AS MATERIALIZED (
    SELECT pid, usename, datname, application_name AS name, query_start,
      extract(epoch FROM clock_timestamp() - backend_start)::float8 * 1000 AS age,
      extract(epoch FROM clock_timestamp() - query_start)::float8 * 1000 AS query
    FROM pg_stat_activity WHERE usesysid IS NOT NULL),
  users AS (
    SELECT left(name, 64) AS name, count(*)::int AS sessions, min(age) AS "youngestMs", max(query_start) AS latest,
      (array_agg(json_build_object('session', pid, 'ageMs', age, 'queryMs', query) ORDER BY query_start DESC))[1] AS last
    FROM activity WHERE name <> '' AND name !~ '^faultline[- ]' AND query_start IS NOT NULL
    GROUP BY 1 ORDER BY latest DESC LIMIT 20)
  SELECT count(*)::int AS sessions,
    count(*) FILTER (WHERE usename <> current_user AND datname <> current_database())::int AS others,
    current_setting('max_connections')::int AS slots,
    (SELECT coalesce(json_agg(json_build_object(
      'name', name, 'sessions', sessions, 'youngestMs', "youngestMs", 'last', last) ORDER BY latest DESC), '[]') FROM users) AS users
  FROM activity`

/** Where a setting comes from that holds for the whole server; one of a database or a role may be a migration's doing. */
const ofServer: ReadonlySet<string> = new Set(['configuration file', 'command line', 'environment variable'])

const readOnlySetting = 'default_transaction_read_only'

interface Answer {
  readonly recovering: boolean
  readonly readOnlyBy: string | null
}

/**
 * One session: connect, authenticate, then a query that touches no table. A server in recovery, or one that is set to, only
 * reads, is `unwell` unless the address says by libpq's `target_session_attrs` that a standby will do; so is a session that is made
 * to by what stands on the way.
 */
export const openPostgres: OpenChannel = async (target, stopwatch, signal) => {
  const standbyWillDo = acceptsStandby(target.address)
  const asksToRead = target.address.includes(readOnlySetting)
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
      const sessions =
        isLarge || (asked > 1 && target.link === undefined) ? await countSessions(client) : undefined
      return { ...(standbyWillDo ? well : findingFor(rows[0], asksToRead)), ...(sessions && { sessions }) }
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

function findingFor(answer: Answer | undefined, asksToRead: boolean): Finding {
  if (answer?.recovering === true)
    return { outcome: 'unwell', code: '25006', detail: 'the server is in recovery: it only reads' }
  if (answer?.readOnlyBy && ofServer.has(answer.readOnlyBy))
    return { outcome: 'unwell', code: '25006', detail: `the server only reads, by its ${answer.readOnlyBy}` }
  if (answer?.readOnlyBy === 'client' && !asksToRead)
    return {
      outcome: 'unwell',
      code: '25006',
      detail: 'the session only reads, and nobody here asked for that',
    }
  return well
}

/** A server that can't tell has answered all the same. */
async function countSessions(client: Client): Promise<Sessions | undefined> {
  const began = performance.now()
  const { rows } = await client.query<Sessions>(census).catch(() => ({ rows: [] }))
  return rows[0] && { ...rows[0], tookMs: performance.now() - began }
}

function acceptsStandby(address: string): boolean {
  const wanted = new URL(address).searchParams.get('target_session_attrs')
  return wanted !== null && ['any', 'read-only', 'standby', 'prefer-standby'].includes(wanted)
}
