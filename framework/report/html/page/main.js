// The page's own script: it draws what the page holds as JSON. Bundled with uPlot by `npm run build:report-page`.
import './locale.js'
import { showCharts } from './load-charts.js'
import { showTests } from './tests-table.js'
import { showTimeline } from './timeline.js'

/** @import { PageData } from '../page-data.ts' */

const holder = /** @type {HTMLElement} */ (document.getElementById('data'))
const data = /** @type {PageData} */ (JSON.parse(holder.textContent ?? ''))

showTimeline(data)
if (data.charts) showCharts(data, data.charts)
else showTests(data)
openWhatIsPointedAt()
openAllForPrint()

/** A link to a closed verdict opens it. */
function openWhatIsPointedAt() {
  const open = () => {
    const target = location.hash
      ? document.querySelector(`details${CSS.escape(location.hash).replace(/^\\#/, '#')}`)
      : null
    if (target instanceof HTMLDetailsElement) {
      target.open = true
      target.scrollIntoView()
    }
  }
  addEventListener('hashchange', open)
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a[href^="#"]')) setTimeout(open)
  })
  open()
}

/** Paper can't be unfolded. */
function openAllForPrint() {
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}
