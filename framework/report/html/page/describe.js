/** @import { PageData, PageLane, PageSpan } from '../page-data.ts' */

/** @param {number} ms */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

const words = /** @type {Record<string, string>} */ ({
  gap: 'not watched',
  unknown: 'unknown',
  fault: 'injected',
  wait: '',
  event: '',
  step: '',
})

/**
 * What a span is, in a few lines: the first says what, the second when, the rest why.
 * @param {PageData} data
 * @param {PageLane} lane
 * @param {PageSpan} span
 * @returns {string[]}
 */
export function describe(data, lane, span) {
  const when = `${clock(data, span.a)}${span.b > span.a ? `, ${duration(span.b - span.a)}` : ''}`
  const test = span.t === undefined ? undefined : data.tests[span.t]
  if (test) {
    const [title, file, fate, , verdict] = test
    const state = `${span.s}${span.n === undefined ? '' : `, attempt ${span.n}`}${fate === 'cleared' && span.s === 'failed' ? ', cleared later' : ''}`
    return [
      title,
      `${state} · ${when}`,
      data.files[file] ?? '',
      ...(verdict >= 0 ? [data.verdicts[verdict] ?? ''] : []),
    ]
  }
  const name = lane.note ? `${lane.label} (${lane.note})` : lane.label
  const state = words[span.s] ?? span.s
  return [state ? `${name}: ${state}` : name, when, ...(span.text ? [span.text] : [])]
}

/**
 * @param {PageData} data
 * @param {number} ms
 */
function clock(data, ms) {
  return new Date(data.startedAt + ms).toISOString().slice(11, 23)
}
