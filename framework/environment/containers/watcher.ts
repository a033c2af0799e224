import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { FaultlineError } from '#core'
import { ChangeReader, type ContainerChange, type EngineEvent } from './changes.ts'
import type { Yard } from './container.ts'
import { leaseLabel, roleLabel } from './labels.ts'

/** Reads the engine's event stream for the containers of one run. */
export interface Watcher extends AsyncDisposable {
  /** Calls `listener` for every change of the container with this role, from now on. */
  onChange(role: string, listener: (change: ContainerChange) => void): void
  /** Settles when the stream ends though nobody disposed the watcher: FL2005. */
  readonly lost: Promise<FaultlineError>
}

/** Starts to watch; what happens before this settles isn't seen. */
export async function startWatcher({ engine, leaseId }: Yard): Promise<Watcher> {
  const filters = JSON.stringify({ type: ['container'], label: [`${leaseLabel}=${leaseId}`] })
  const stream = (await engine.docker.getEvents({ filters })) as Readable
  const parts = new Map<string, { reader: ChangeReader; listener: (change: ContainerChange) => void }>()
  const lines = createInterface({ input: stream })
  lines.on('line', (line) => {
    const event = JSON.parse(line) as EngineEvent
    const part = parts.get(event.Actor.Attributes[roleLabel] ?? '')
    const change = part?.reader.read(event)
    if (part && change) part.listener(change)
  })
  stream.on('error', () => {})
  let disposed = false
  const lost = new Promise<FaultlineError>((resolve) => {
    stream.once('close', () => {
      if (!disposed)
        resolve(new FaultlineError('FL2005', 'the Docker engine ended its event stream before the run ended'))
    })
  })
  return {
    onChange: (role, listener) => void parts.set(role, { reader: new ChangeReader(), listener }),
    lost,
    async [Symbol.asyncDispose]() {
      disposed = true
      lines.close()
      stream.destroy()
    },
  }
}
