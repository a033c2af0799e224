import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { messageOf, now, type Secret, sleep } from '#core'
import type { Topology } from '#topology'
import type { PlatformEvent } from '../event.ts'
import { parseEventLine } from './parse.ts'

/**
 * Where a platform's events come from, one JSON object a line: what a program prints, or what a URL answers. Either may go on
 * for as long as the run does, or end and be asked again.
 */
export type EventSource = EventCommand | EventUrl

export interface EventCommand {
  /** The program, and its arguments. */
  readonly command: readonly string[]
}

export interface EventUrl {
  readonly url: string
  readonly headers?: Readonly<Record<string, string | Secret>>
}

export interface EventSourceOptions {
  readonly topology: Topology
  /** The environment variables of a command. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called with a command's process id, so that it ends with the run. */
  readonly onSpawn: (pid: number) => void
  readonly onEvent: (event: PlatformEvent) => void
  /** The source failed, or said what can't be read: nothing is known from it at that time. */
  readonly onTrouble: (reason: string) => void
  readonly signal: AbortSignal
  /** The pause before a source that ended is asked again, in ms. */
  readonly pauseMs?: number
}

const usualPauseMs = 5_000
const longestPauseMs = 60_000
/** More than a source has to say in a run. Beyond it, it is no longer read. */
const mostEvents = 5_000
const mostTroubles = 20
const longestLine = 16 * 1024
/** Of a source that goes on; it is asked again then. */
const longestAnswer = 64 * 1024 * 1024

/** Reads a source until the signal aborts. Its trouble is never an exception. */
export async function readEvents(source: EventSource, options: EventSourceOptions): Promise<void> {
  const { signal, onTrouble, pauseMs = usualPauseMs } = options
  const receive = receiver(options)
  let pause = pauseMs
  while (!signal.aborted && receive.isOpen()) {
    try {
      await eachPiece(open(source, options), receive.line)
      pause = pauseMs
    } catch (error) {
      if (signal.aborted) return
      onTrouble(messageOf(error))
      pause = Math.min(2 * pause, longestPauseMs)
    }
    await sleep(pause, signal).catch(() => {})
  }
}

/** Takes lines in: each once, however often a source that is asked again repeats it, and no more than there may be. */
function receiver({ topology, onEvent, onTrouble }: EventSourceOptions) {
  const seen = new Set<string>()
  const incarnations = new Map<string, number>()
  let troubles = 0
  return {
    isOpen: () => seen.size < mostEvents,
    line(line: string) {
      if (line.trim() === '' || seen.has(line) || seen.size >= mostEvents) return
      seen.add(line)
      if (seen.size === mostEvents) onTrouble(`more than ${mostEvents} events: what follows is not read`)
      const parsed = parseEventLine(line, topology, now())
      if ('problem' in parsed) {
        troubles += 1
        if (troubles <= mostTroubles) onTrouble(parsed.problem)
        return
      }
      for (const event of parsed.events) {
        const before = incarnations.get(event.service) ?? 1
        const incarnation = event.event === 'started' ? before + 1 : before
        incarnations.set(event.service, incarnation)
        onEvent({ ...event, incarnation })
      }
    },
  }
}

function open(source: EventSource, options: EventSourceOptions): AsyncIterable<Uint8Array> {
  return 'command' in source ? fromCommand(source.command, options) : fromUrl(source, options.signal)
}

async function* fromCommand(
  [file, ...args]: readonly string[],
  { environment, onSpawn, signal }: EventSourceOptions,
): AsyncIterable<Uint8Array> {
  const child = spawn(file!, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  if (child.pid !== undefined) onSpawn(child.pid)
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  ended.catch(() => {})
  try {
    yield* child.stdout
    const [code, killedBy] = await ended
    if (code !== 0) throw new Error(`the command of the events ended with ${killedBy ?? `exit code ${code}`}`)
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

async function* fromUrl({ url, headers = {} }: EventUrl, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const shown = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : value.reveal(),
  ])
  const response = await fetch(url, {
    headers: { accept: 'application/x-ndjson', ...Object.fromEntries(shown) },
    signal,
  })
  if (!response.ok || !response.body) throw new Error(`the URL of the events answered ${response.status}`)
  yield* response.body
}

/** Calls `onLine` for every line, the last one too. A line that is too long ends the source: its end may never come. */
async function eachPiece(chunks: AsyncIterable<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > longestAnswer)
      throw new Error(`the events are more than ${longestAnswer} bytes in one answer`)
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.length <= longestLine) onLine(line)
    if (rest.length > longestLine)
      throw new Error(`a line of the events is longer than ${longestLine} characters`)
  }
  onLine(rest)
}
