import { axisHeight, Chart } from './chart.js'
import { describe } from './describe.js'
import { element } from './element.js'
import { listenToKeys } from './keyboard.js'
import { legendOf } from './legend.js'

/** @import { PageData } from '../page-data.ts' */
/** @import { PlacedLane } from './layout.js' */

/**
 * The timeline with its labels, tools and legend.
 * @param {PageData} data
 */
export function showTimeline(data) {
  const section = /** @type {HTMLElement} */ (document.getElementById('timeline'))
  section.hidden = false
  const frame = element('div', {
    class: 'timeline',
    tabindex: '0',
    role: 'application',
    'aria-label':
      'Timeline. Arrow keys go from span to span and from lane to lane, plus and minus zoom, zero shows the whole run.',
  })
  const labels = element('div', { class: 'labels', 'aria-hidden': 'true' })
  const place = element('div', { class: 'plot', 'aria-hidden': 'true' })
  const hint = 'Drag to zoom, double-click for the whole run. With the keyboard: arrows, + and −, 0.'
  const told = element('p', { class: 'told', role: 'status' }, hint)
  frame.append(labels, place)
  section.append(frame, told, legendOf(data))

  const chart = new Chart(data, frame, place)
  frame.before(toolsFor(chart))
  const placeLabels = () => {
    frame.classList.toggle('narrow', chart.layout.isNarrow)
    labels.replaceChildren(...chart.layout.lanes.map((lane) => labelOf(lane, chart.layout.isNarrow)))
  }
  placeLabels()
  new ResizeObserver(() => {
    chart.resize()
    placeLabels()
  }).observe(frame)
  listenToKeys(data, chart, frame, told)
  tellUnderPointer(data, chart, frame)
  for (const button of document.querySelectorAll('button[data-from]'))
    button.addEventListener('click', () => {
      chart.showWindow(Number(button.getAttribute('data-from')), Number(button.getAttribute('data-to')))
      section.scrollIntoView()
      frame.focus({ preventScroll: true })
    })
}

/**
 * @param {PlacedLane} placed
 * @param {boolean} isNarrow
 */
function labelOf({ lane, top, height }, isNarrow) {
  const label = element('div', { class: 'label' })
  label.append(element('span', {}, lane.label))
  if (lane.note) label.append(element('small', {}, lane.note))
  label.style.top = `${top + axisHeight}px`
  if (!isNarrow) label.style.height = `${Math.max(18, Math.min(24, height))}px`
  return label
}

/** @param {Chart} chart */
function toolsFor(chart) {
  const bar = element('div', { class: 'toolbar' })
  const tools = /** @type {[string, string, () => void][]} */ ([
    ['+', 'Zoom in', () => chart.zoomBy(0.5)],
    ['−', 'Zoom out', () => chart.zoomBy(2)],
    ['Whole run', 'Whole run', () => chart.showAll()],
  ])
  for (const [text, label, action] of tools) {
    const button = element('button', { type: 'button', 'aria-label': label }, text)
    button.addEventListener('click', action)
    bar.append(button)
  }
  return bar
}

/**
 * @param {PageData} data
 * @param {Chart} chart
 * @param {HTMLElement} frame
 */
function tellUnderPointer(data, chart, frame) {
  const tip = element('div', { class: 'tip' })
  tip.hidden = true
  frame.append(tip)
  chart.over.addEventListener('mouseleave', () => {
    tip.hidden = true
  })
  chart.over.addEventListener('mousemove', (event) => {
    const found = chart.spanAt(event.offsetX, event.offsetY)
    tip.hidden = found === undefined
    if (!found) return
    tip.replaceChildren(...describe(data, found.lane, found.span).map((line) => element('div', {}, line)))
    const box = frame.getBoundingClientRect()
    const left = event.clientX - box.left + 14
    tip.style.left = `${Math.max(0, Math.min(left, frame.clientWidth - tip.offsetWidth - 4))}px`
    tip.style.top = `${event.clientY - box.top + 18}px`
  })
}
