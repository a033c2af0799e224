import type { Bin } from './fit.ts'

const size = 360
const margin = 44
const x = (value: number) => margin + value * size
const y = (value: number) => margin / 2 + (1 - value) * size

/** A reliability plot as SVG: confidence against the share that was right, a dot for each tenth, its area by runs. */
export function reliabilityPlot(bins: readonly Bin[], title: string): string {
  const most = Math.max(1, ...bins.map(({ runs }) => runs))
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  const width = size + 2 * margin
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${width}" fill="#fff"/>`,
    ...ticks.flatMap((tick) => [
      `<path d="M${x(0)} ${y(tick)}H${x(1)}M${x(tick)} ${y(0)}V${y(1)}" stroke="#e4e4e0"/>`,
      `<text x="${x(0) - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
      `<text x="${x(tick)}" y="${y(0) + 18}" text-anchor="middle">${tick}</text>`,
    ]),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    ...bins.map(
      ({ confidence, right, runs }) =>
        `<circle cx="${x(confidence).toFixed(1)}" cy="${y(right).toFixed(1)}" r="${(3 + 9 * Math.sqrt(runs / most)).toFixed(1)}" fill="#1d5fa8" fill-opacity="0.7"><title>${runs} runs: confidence ${confidence.toFixed(2)}, right ${right.toFixed(2)}</title></circle>`,
    ),
    `<text x="${x(0.5)}" y="${y(0) + 38}" text-anchor="middle">confidence</text>`,
    `<text transform="translate(12 ${y(0.5)}) rotate(-90)" text-anchor="middle">share that was right</text>`,
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}
