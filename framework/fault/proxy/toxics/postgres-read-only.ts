import { isNegotiation, PostgresReader, withOption } from '../protocol/postgres.ts'
import { defineToxic } from './toxic.ts'

/**
 * Begins PostgreSQL sessions that only read, as a standby that isn't promoted yet serves them: the server itself refuses what is
 * written, with 25006. Sessions from before it are left alone. A session that only reads would go on so for ever: all of them end
 * when the toxic goes, as they do when the way leads to another server again. Sits upstream; on connections without TLS.
 */
export const postgresReadOnly = defineToxic({
  type: 'postgres_read_only',
  defaults: {},
  closesWhenRemoved: true,
  parses: true,
  begin: (isFresh: boolean) => new PostgresReader('client', isFresh),
  held: (reader) => reader.held,
  async chunk(stage, { bytes }) {
    for (const { code, bytes: message } of stage.state.read(bytes)) {
      const begins = code === undefined && !isNegotiation(message)
      if (!stage.acts || !begins) await stage.emit(message)
      else {
        stage.touch()
        await stage.emit(withOption(message, 'default_transaction_read_only', 'on'))
      }
    }
  },
})
