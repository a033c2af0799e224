import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { FaultlineError, messageOf, type Redactor } from '#core'
import { toLine } from './line.ts'
import { type JournalSink, journalFormat } from './record.ts'

/** The longest that a record waits in memory, in ms. */
const flushAfterMs = 50

/** A journal that is being written. Disposing it writes what waits and closes the file. */
export interface Journal extends JournalSink, AsyncDisposable {
  readonly file: string
  /** Writes what waits in memory. */
  flush(): void
  /** Settles, once, with `FL6003` when a write failed. The file holds every whole record up to there, and later records are dropped. */
  readonly failed: Promise<FaultlineError>
}

/**
 * Begins a journal at `file`, whose folders are made. Records wait at most 50 ms in memory and are then handed to the
 * system in one write, so that a killed process loses no more than that; an urgent record is written at once. Every string is redacted.
 *
 * Writes are synchronous: they end in the page cache, and it is the one way to have a record out of the process before
 * the next statement runs.
 *
 * @throws FaultlineError `FL6003` when the file can't be opened, or already holds something: a journal has one writer.
 */
export function openJournal(file: string, options: { redactor: Redactor }): Journal {
  const fd = openNew(file)
  const failure = Promise.withResolvers<FaultlineError>()
  let state: 'open' | 'failed' | 'closed' = 'open'
  let waiting = ''
  let size = 0
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (state !== 'open' || waiting === '') return
    const batch = Buffer.from(waiting)
    waiting = ''
    try {
      writeWhole(fd, batch)
      size += batch.length
    } catch (error) {
      state = 'failed'
      cutBackTo(fd, size)
      failure.resolve(unwritable(file, error))
    }
  }
  const append: JournalSink['append'] = (record) => {
    if (state !== 'open') return
    waiting += toLine(record, options.redactor)
    if (record.urgent) flush()
    else timer ??= setTimeout(flush, flushAfterMs)
  }
  const close = () => {
    if (state === 'closed') return
    flush()
    state = 'closed'
    process.off('exit', flush)
    closeSync(fd)
  }

  process.on('exit', flush)
  append({ source: 'journal', kind: 'journal', data: { format: journalFormat }, urgent: true })
  return {
    file,
    append,
    flush,
    failed: failure.promise,
    async [Symbol.asyncDispose]() {
      close()
    },
  }
}

function openNew(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const fd = openSync(file, 'a')
    if (fstatSync(fd).size === 0) return fd
    closeSync(fd)
  } catch (error) {
    throw unwritable(file, error)
  }
  throw unwritable(file, new Error('it already holds something'))
}

function writeWhole(fd: number, batch: Buffer): void {
  // A deleted file still takes writes, and loses them all.
  if (fstatSync(fd).nlink === 0) throw new Error('the file was removed')
  for (let done = 0; done < batch.length; ) done += writeSync(fd, batch, done)
}

/** Takes away the half of a batch that a full disk let through; where that isn't possible, the reader tolerates it. */
function cutBackTo(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size)
  } catch {}
}

function unwritable(file: string, cause: unknown): FaultlineError {
  return new FaultlineError('FL6003', `${file}: ${messageOf(cause)}`, {
    remedy: 'Make room on the disk, or give another folder for the runs.',
    cause,
  })
}
