import { connect } from 'node:net'
import { deadline, type EntryCommand, sleep } from '#core'
import type { PostgresBinaries } from './binaries.ts'
import { databaseName, databaseUser } from './cluster.ts'

/** The command that serves a cluster on 127.0.0.1. Nothing is flushed to disk: the data lives as long as the run. */
export function serverCommand(binaries: PostgresBinaries, folder: string, port: number): EntryCommand {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // A socket's path may not be longer than 107 bytes; nobody here needs one.
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    // Files in the data folder go with it; segments in /dev/shm outlive a killed server.
    dynamic_shared_memory_type: 'mmap',
    log_timezone: 'UTC',
    timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return { file: binaries.postgres, args: ['-D', folder, ...flags] }
}

/** Waits until the server on this port, of 127.0.0.1 unless said otherwise, asks for a password: it then serves. Rejects when aborted or after `limitMs`. */
export async function untilServing(
  port: number,
  options: { host?: string; limitMs: number; signal: AbortSignal },
): Promise<void> {
  const { host = '127.0.0.1' } = options
  using limit = deadline(options.limitMs, options.signal)
  while (!(await asksForPassword(host, port, limit.signal))) await sleep(10, limit.signal)
}

/** Says hello in PostgreSQL's protocol (3.0); a server that is still starting answers with an error instead. */
function asksForPassword(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, signal })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    socket.once('connect', () => socket.write(startupMessage()))
    socket.once('data', (answer) => done(answer.toString('latin1', 0, 1) === 'R'))
  })
}

function startupMessage(): Buffer {
  const body = Buffer.from(`user\0${databaseUser}\0database\0${databaseName}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + body.length, 0)
  head.writeInt32BE(0x30000, 4)
  return Buffer.concat([head, body])
}
