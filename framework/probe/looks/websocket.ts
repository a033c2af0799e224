import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { orAbort } from '#core'
import type { Channel, ChannelEnd, OpenChannel } from '../channel.ts'
import { findingOf, outcomeOfClose, outcomeOfStatus } from '../families.ts'
import { type Finding, LookFailure } from '../finding.ts'
import { openSocket } from '../socket.ts'

const maxPayloadBytes = 64 * 1024

/** One WebSocket: the upgrade, then a ping for each look; a server must answer it without any help of its application. */
export const openWebSocket: OpenChannel = async (target, stopwatch, signal) => {
  const connection = await openSocket(target, stopwatch, signal)
  const socket = new WebSocket(target.address, {
    createConnection: () => connection,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: maxPayloadBytes,
    ...(target.headers === undefined ? {} : { headers: target.headers }),
  })
  let end: ChannelEnd | undefined
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  const lose = (finding: Finding) => {
    end ??= { kind: 'lost', finding }
    lost.reject(new LookFailure(end.kind === 'lost' ? end.finding : finding))
  }
  socket.on('error', (error) => lose(findingOf(error)))
  socket.on('close', (code, reason) => lose(closeFinding(code, reason.toString())))
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    lose(upgradeFinding(response.statusCode ?? 0))
    connection.destroy()
  })
  try {
    await orAbort(Promise.race([once(socket, 'open'), lost.promise]), signal)
  } catch (error) {
    socket.terminate()
    connection.destroy()
    throw error
  }
  let pings = 0
  const channel: Channel = {
    async ask(watch) {
      pings += 1
      const token = Buffer.from(String(pings))
      const answered = Promise.withResolvers<void>()
      const onPong = (data: Buffer) => {
        if (data.equals(token)) answered.resolve()
      }
      socket.on('pong', onPong)
      try {
        watch.restart()
        socket.ping(token)
        await Promise.race([answered.promise, lost.promise])
        watch.lap('firstByteMs')
        return { outcome: 'ok' }
      } finally {
        socket.off('pong', onPong)
      }
    },
    get end() {
      return end
    },
    close: () => socket.terminate(),
  }
  return channel
}

function closeFinding(code: number, reason: string): Finding {
  return {
    outcome: outcomeOfClose(code),
    code: String(code),
    detail: reason === '' ? `closed with ${code}` : `closed with ${code}: ${reason}`,
  }
}

/** Any status but 101 says that this is no WebSocket endpoint, unless it says something worse. */
function upgradeFinding(status: number): Finding {
  const outcome = outcomeOfStatus(status)
  return {
    outcome: outcome === 'ok' ? 'misconfigured' : outcome,
    code: String(status),
    detail: `the upgrade was answered with HTTP ${status}`,
  }
}
