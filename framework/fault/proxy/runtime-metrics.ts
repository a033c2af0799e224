import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { MetricFamily } from './prometheus.ts'

/** What the process uses, under the names that Prometheus' Node clients give it. */
export class RuntimeMetrics implements Disposable {
  readonly #delay = monitorEventLoopDelay()

  constructor() {
    this.#delay.enable()
  }

  families(): MetricFamily[] {
    const memory = process.memoryUsage()
    const cpu = process.cpuUsage()
    const { utilization } = performance.eventLoopUtilization()
    return [
      family(
        'process_cpu_seconds_total',
        'counter',
        'CPU time used, user and system.',
        (cpu.user + cpu.system) / 1e6,
      ),
      family('process_resident_memory_bytes', 'gauge', 'Resident memory.', memory.rss),
      family(
        'process_start_time_seconds',
        'gauge',
        'Start of the process since the epoch.',
        performance.timeOrigin / 1e3,
      ),
      family('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use.', memory.heapUsed),
      family('nodejs_external_memory_bytes', 'gauge', 'Memory of buffers.', memory.external),
      family(
        'nodejs_eventloop_lag_mean_seconds',
        'gauge',
        'Mean delay of the event loop.',
        (this.#delay.mean || 0) / 1e9,
      ),
      family(
        'nodejs_eventloop_lag_max_seconds',
        'gauge',
        'Longest delay of the event loop.',
        this.#delay.max / 1e9,
      ),
      family(
        'nodejs_eventloop_utilization',
        'gauge',
        'Share of time that the event loop was busy.',
        utilization,
      ),
      family(
        'nodejs_active_resources',
        'gauge',
        'Handles and requests that are open.',
        process.getActiveResourcesInfo().length,
      ),
      family('nodejs_version_info', 'gauge', 'The version of Node.', 1, { version: process.version }),
    ]
  }

  [Symbol.dispose](): void {
    this.#delay.disable()
  }
}

function family(
  name: string,
  type: MetricFamily['type'],
  help: string,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): MetricFamily {
  return { name, type, help, samples: [{ labels, value }] }
}
