import { duration } from './describe.js'
import { element } from './element.js'

/** @import { PageData, PageTest } from '../page-data.ts' */

const pageSize = 100

/** Worst first. */
const fates = ['failed', 'blocked', 'cleared', 'skipped', 'passed']

/**
 * Every test, to search and to filter; a hundred rows at a time, so that 10,000 cost no more than a few.
 * @param {PageData} data
 */
export function showTests(data) {
  const section = /** @type {HTMLElement} */ (document.getElementById('tests'))
  section.hidden = data.tests.length === 0
  const search = /** @type {HTMLInputElement} */ (
    element('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search tests' })
  )
  const select = /** @type {HTMLSelectElement} */ (element('select', { 'aria-label': 'Outcome' }))
  const count = (/** @type {string} */ fate) => data.tests.filter((test) => test[2] === fate).length
  select.append(element('option', { value: '' }, `all ${data.tests.length}`))
  for (const fate of fates)
    if (count(fate) > 0) select.append(element('option', { value: fate }, `${fate} ${count(fate)}`))
  const found = element('p', { class: 'quiet', role: 'status' })
  const table = element('table', { class: 'tests' })
  const head = element('thead')
  const body = element('tbody')
  const titles = element('tr')
  for (const title of ['outcome', 'test', 'took', 'verdict'])
    titles.append(element('th', title === 'took' ? { class: 'number' } : {}, title))
  head.append(titles)
  table.append(head, body)
  const more = element('button', { type: 'button' }, 'Show more')
  const bar = element('div', { class: 'toolbar' })
  bar.append(search, select, found)
  const scroll = element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Tests' })
  scroll.append(table)
  section.append(bar, scroll, more)

  const sorted = data.tests.toSorted((a, b) => fates.indexOf(a[2]) - fates.indexOf(b[2]))
  let limit = pageSize
  const show = () => {
    const wanted = search.value.toLowerCase()
    const matching = sorted.filter(
      ([title, file, fate]) =>
        (select.value === '' || fate === select.value) &&
        (wanted === '' || `${data.files[file]} ${title}`.toLowerCase().includes(wanted)),
    )
    body.replaceChildren(...matching.slice(0, limit).map((test) => rowOf(data, test)))
    found.textContent = matching.length === 1 ? '1 test' : `${matching.length} tests`
    more.hidden = matching.length <= limit
  }
  const again = () => {
    limit = pageSize
    show()
  }
  search.addEventListener('input', again)
  select.addEventListener('change', again)
  more.addEventListener('click', () => {
    limit += pageSize
    show()
  })
  show()
}

/**
 * @param {PageData} data
 * @param {PageTest} test
 */
function rowOf(data, [title, file, fate, ms, verdict, n]) {
  const row = element('tr')
  const outcome = element('td')
  outcome.append(element('span', { class: `fate ${fate}` }, fate))
  const name = element('th', { scope: 'row' }, title)
  name.append(element('small', {}, data.files[file]))
  const why = element('td')
  if (verdict >= 0) {
    const isTold = document.getElementById(`v${verdict}`) !== null
    why.append(element(isTold ? 'a' : 'span', isTold ? { href: `#v${verdict}` } : {}, data.verdicts[verdict]))
  }
  row.append(outcome, name, element('td', { class: 'number' }, n === 0 ? '' : duration(ms)), why)
  return row
}
