import { type MetricFamily, prometheusText } from './prometheus.ts'
import { type Route, route } from './routes.ts'

/** `/metrics`, by any method, where there is anything to serve. */
export function metricsRoutes(sources: readonly { families(): MetricFamily[] }[]): Route[] {
  if (sources.length === 0) return []
  return [
    route('Metrics', '*', 'metrics', () => ({
      status: 200,
      raw: {
        text: prometheusText(sources.flatMap((source) => source.families())),
        type: 'text/plain; version=0.0.4; charset=utf-8',
      },
    })),
  ]
}
