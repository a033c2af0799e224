import { element } from './element.js'

/** @import { PageData, SpanState } from '../page-data.ts' */

const names = /** @type {[SpanState, string][]} */ ([
  ['healthy', 'healthy'],
  ['recovering', 'recovering'],
  ['degraded', 'degraded'],
  ['critical', 'critical'],
  ['unavailable', 'unavailable'],
  ['gap', 'not watched'],
  ['unknown', 'unknown'],
  ['fault', 'fault injected'],
  ['wait', 'waiting for recovery'],
  ['event', 'platform event'],
  ['step', 'step of an experiment'],
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['blocked', 'blocked'],
])

/**
 * What the signs on the timeline mean: those that are on it.
 * @param {PageData} data
 */
export function legendOf(data) {
  const spans = data.lanes.flatMap((lane) => lane.spans)
  const present = new Set(spans.map(({ s }) => s))
  const list = element('ul', { class: 'legend' })
  list.append(...names.filter(([state]) => present.has(state)).map(([state, text]) => entry(state, text)))
  if (spans.some(({ n }) => n !== undefined)) list.append(entry('rerun', 'rerun'))
  if (data.incidents.length > 0) list.append(entry('incident', 'incident'))
  return list
}

/**
 * @param {string} state
 * @param {string} text
 */
function entry(state, text) {
  const made = element('li', {}, text)
  made.prepend(element('i', { class: `swatch ${state}`, 'aria-hidden': 'true' }))
  return made
}
