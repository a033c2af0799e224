import { closeFrame, WebSocketReader } from '../protocol/websocket.ts'
import { defineToxic, type ToxicStage } from './toxic.ts'

interface State {
  readonly reader: WebSocketReader
  messages: number
  isClosed: boolean
}

type Settings = { code: number; after_messages: number }
const abnormal = 1006

/**
 * Closes WebSockets in the server's name, once `after_messages` of its messages have passed, between two frames. 1006
 * can't be sent: it is what a client sees when the connection is cut, which is what happens. Sits downstream.
 */
export const websocketClose = defineToxic<Settings, State>({
  type: 'websocket_close',
  defaults: { code: 1011, after_messages: 0 },
  problem: ({ code }) =>
    code >= 1000 && code <= 4999 && code !== 1004 && code !== 1005 && code !== 1015
      ? undefined
      : 'code must be one that a close frame may carry, or 1006',
  parses: true,
  begin: (isFresh) => ({ reader: new WebSocketReader(isFresh), messages: 0, isClosed: false }),
  held: ({ reader }) => reader.held,
  idleLimitMs: ({ after_messages: wanted }, { reader, isClosed, messages }) =>
    reader.isBetweenFrames && !isClosed && messages >= wanted ? 0 : undefined,
  idle: closeSocket,
  async chunk(stage, { bytes }) {
    const { state } = stage
    for (const part of state.reader.read(bytes)) {
      if (state.isClosed) continue
      await stage.emit(part.bytes)
      if (part.isLast && part.isData) state.messages++
      if (part.isLast && stage.acts && state.messages >= stage.attributes.after_messages)
        await closeSocket(stage)
    }
  },
})

async function closeSocket(stage: ToxicStage<Settings, State>): Promise<void> {
  const { code } = stage.attributes
  stage.touch()
  stage.state.isClosed = true
  if (code === abnormal) return stage.close()
  await stage.emit(closeFrame(code, ''))
}
