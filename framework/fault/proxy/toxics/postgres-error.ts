import { fatalError, isNegotiation, PostgresReader } from '../protocol/postgres.ts'
import { defineToxic } from './toxic.ts'

/** What a client sends to have something done: a simple query, a statement, its parameters, a function call. */
const queries = ['Q', 'P', 'B', 'F']

/**
 * Ends a PostgreSQL connection with a FATAL error, as its server does: `at: connect` in answer to the start-up message,
 * `at: query` in place of the next query, which the server never sees. Sits upstream; on connections without TLS.
 */
export const postgresError = defineToxic({
  type: 'postgres_error',
  defaults: { sqlstate: '57P01', at: 'query' },
  problem({ sqlstate, at }) {
    if (!/^[0-9A-Z]{5}$/.test(sqlstate)) return 'sqlstate must be five digits or capitals'
    return at === 'connect' || at === 'query' ? undefined : 'at must be connect or query'
  },
  parses: true,
  begin: (isFresh: boolean) => new PostgresReader('client', isFresh),
  held: (reader) => reader.held,
  async chunk(stage, { bytes }) {
    const { sqlstate, at } = stage.attributes
    for (const { code, bytes: message } of stage.state.read(bytes)) {
      if (stage.acts && at === 'connect' && code === undefined && isNegotiation(message)) {
        stage.reply(Buffer.from('N'))
        continue
      }
      const isIt = at === 'connect' ? code === undefined : queries.includes(code ?? '')
      if (stage.acts && isIt) {
        stage.touch()
        stage.reply(fatalError(sqlstate))
        return stage.close()
      }
      await stage.emit(message)
    }
  },
})
