import { PostgresReader } from '../protocol/postgres.ts'
import { defineToxic } from './toxic.ts'

interface State {
  readonly reader: PostgresReader
  /** From the message that says that something was written on, until it is known to be committed. */
  waiting: Buffer[]
}

/**
 * Loses an acknowledgement: the write is committed, and both sides are reset before the client hears of it. Sits
 * downstream of a PostgreSQL server; on connections without TLS.
 */
export const resetAfterCommit = defineToxic<Record<never, never>, State>({
  type: 'reset_after_commit',
  defaults: {},
  parses: true,
  begin: (isFresh) => ({ reader: new PostgresReader('server', isFresh), waiting: [] }),
  held: ({ reader, waiting }) => Buffer.concat([...waiting, reader.held]),
  async chunk(stage, { bytes }) {
    const { state } = stage
    for (const { code, bytes: message } of state.reader.read(bytes)) {
      if (stage.acts && code === 'C' && isWrite(message)) state.waiting.push(message)
      else if (state.waiting.length === 0) await stage.emit(message)
      else if (code === 'Z' && message[5] === 0x49) {
        stage.touch()
        return stage.reset()
      } else {
        state.waiting.push(message)
        if (code !== 'Z') continue
        for (const held of state.waiting.splice(0)) await stage.emit(held)
      }
    }
  },
})

/** Whether a CommandComplete tells of a commit, or of a write that is one when no transaction is open afterwards. */
function isWrite(message: Buffer): boolean {
  return /^(COMMIT|INSERT|UPDATE|DELETE|MERGE)\b/.test(message.toString('latin1', 5))
}
