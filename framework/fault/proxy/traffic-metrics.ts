import type { Socket } from 'node:net'
import type { MetricFamily } from './prometheus.ts'
import type { Direction } from './toxic.ts'

/** What a connection's bytes are counted under: the proxy as it was when the connection began. */
export interface TrafficLabels {
  readonly proxy: string
  readonly listener: string
  readonly upstream: string
}

interface Count {
  readonly labels: TrafficLabels & { readonly direction: Direction }
  received: number
  sent: number
  readonly live: Set<() => { received: number; sent: number }>
}

/** Bytes by proxy and direction, while connections are open too. */
export class TrafficMetrics {
  readonly #counts = new Map<string, Count>()

  /** Counts a connection; the function that it gives says that it is over. */
  open(labels: TrafficLabels, client: Socket, server: Socket): () => void {
    const ends = [
      this.#track({ ...labels, direction: 'upstream' }, client, server),
      this.#track({ ...labels, direction: 'downstream' }, server, client),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  families(): MetricFamily[] {
    const counts = [...this.#counts.values()].map(({ labels, received, sent, live }) => {
      const open = [...live].map((read) => read())
      const total = (key: 'received' | 'sent', closed: number) =>
        open.reduce((sum, each) => sum + each[key], closed)
      return { labels: { ...labels }, received: total('received', received), sent: total('sent', sent) }
    })
    return (['received', 'sent'] as const).map((key) => ({
      name: `toxiproxy_proxy_${key}_bytes_total`,
      type: 'counter',
      help: '',
      samples: counts.map((count) => ({ labels: count.labels, value: count[key] })),
    }))
  }

  #track(labels: Count['labels'], source: Socket, destination: Socket): () => void {
    const key = JSON.stringify(labels)
    const count = this.#counts.get(key) ?? { labels, received: 0, sent: 0, live: new Set() }
    this.#counts.set(key, count)
    const read = () => ({ received: source.bytesRead, sent: destination.bytesWritten })
    count.live.add(read)
    return () => {
      if (!count.live.delete(read)) return
      const { received, sent } = read()
      count.received += received
      count.sent += sent
    }
  }
}
