import type { Socket } from 'node:net'
import type { Snapshot } from '#health'
import type { RunnerSample } from '#probe'
import type { WorkerSettings } from '../worker-settings.ts'
import type { BeginReply, BeginRequest, Begun, FailureNotice, StandingReply } from './guide.ts'

/** What a worker sends, one JSON object a line. */
export type WorkerFrame =
  | { readonly kind: 'hello'; readonly token: string; readonly worker: string; readonly pid: number }
  | { readonly kind: 'begin'; readonly id: number; readonly test: BeginRequest }
  | { readonly kind: 'begun'; readonly tests: readonly Begun[] }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: FailureNotice }
  | { readonly kind: 'health'; readonly id: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'runner-sample'; readonly sample: RunnerSample }

/** What the owner answers; `reply` is absent where there is nothing to say, or where its guide failed. */
export interface Answer {
  readonly kind: 'reply'
  readonly id: number
  readonly reply?: BeginReply | Snapshot
}

/**
 * What the owner sends: a welcome when the run is there to be guided, before anything else; answers; and the standing reply
 * whenever it changes, without `reply` where there is none.
 */
export type OwnerFrame =
  | { readonly kind: 'welcome'; readonly settings?: WorkerSettings }
  | Answer
  | { readonly kind: 'standing'; readonly reply?: StandingReply }

/** More than any honest frame needs: an attempt is bounded before it is sent. */
const frameLimit = 16 * 1024 * 1024

export function sendFrame(socket: Socket, frame: WorkerFrame | OwnerFrame): void {
  if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`)
}

/** Calls `onFrame` for each whole line; a line that is too long or isn't JSON ends the connection. */
export function readFrames<Frame>(socket: Socket, onFrame: (frame: Frame) => void): void {
  let pending: string[] = []
  let size = 0
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = chunk.split('\n')
    for (const [index, line] of lines.entries()) {
      pending.push(line)
      size += line.length
      if (size > frameLimit) return void socket.destroy()
      if (index === lines.length - 1) return
      const text = pending.join('')
      pending = []
      size = 0
      const frame = parse<Frame>(text)
      if (frame === undefined) return void socket.destroy()
      onFrame(frame)
    }
  })
}

function parse<Frame>(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Frame) : undefined
  } catch {
    return undefined
  }
}
