import type { Exchange, Signal } from '#evidence'
import type { Attempt, AttemptError } from '#run'
import type { ReportTest } from '../run-report.ts'
import { html, type Markup, raw } from './markup.ts'
import { clock, counted, duration, fateOf } from './words.ts'

const maxMessage = 1_500
const maxExchanges = 12

/** One test, with what each of its attempts met: errors, signals, exchanges. */
export function testDetails(
  test: ReportTest,
  attempts: readonly Attempt[],
  screenshots?: ReadonlyMap<string, Buffer>,
): Markup {
  return html`<details class="test"><summary><span class="fate ${fateOf(test)}">${fateOf(test)}</span> <span>${test.id}</span></summary>
${test.blockedBy.length > 0 ? html`<p>It was not run: ${test.blockedBy.join(', ')} was down.</p>` : null}
${attempts.map((attempt) => html`${attemptPart(attempt)}${picturePart(attempt, screenshots)}`)}
</details>`
}

function attemptPart(attempt: Attempt): Markup {
  const { n, outcome, startedAt, durationMs, strategy, errors, signals, exchanges } = attempt
  return html`<h4>Attempt ${n}: ${outcome} <span class="quiet">${clock(startedAt)}, ${duration(durationMs)}, ${strategy}</span></h4>
${errors.slice(0, 2).map(errorPart)}
${signals.length === 0 ? null : signalList(signals)}
${exchanges.length === 0 ? null : exchangeTable(exchanges)}`
}

function picturePart(
  { n, screenshot }: Attempt,
  screenshots: ReadonlyMap<string, Buffer> | undefined,
): Markup | null {
  const picture = screenshot === undefined ? undefined : screenshots?.get(screenshot)
  if (!picture) return null
  return html`<figure class="picture"><img src="data:image/jpeg;base64,${raw(picture.toString('base64'))}" alt="The browser’s page when attempt ${n} failed" loading="lazy"><figcaption class="quiet">The page when attempt ${n} failed</figcaption></figure>`
}

function errorPart({ name, message, phase }: AttemptError): Markup {
  const text = message.length > maxMessage ? `${message.slice(0, maxMessage)} …` : message
  return html`<pre tabindex="0" aria-label="Error">${name} in ${phase}: ${text}</pre>`
}

function signalList(signals: readonly Signal[]): Markup {
  return html`<ul class="signals">${signals.map(
    ({ stableCode, family, match, consequence }) =>
      html`<li><code>${stableCode}</code> ${family}${consequence ? ', a consequence' : ''} <span class="quiet">${match.slice(0, 200)}</span></li>`,
  )}</ul>`
}

/** Exchanges in the order of time; of many, those that went well are left out first. */
function exchangeTable(exchanges: readonly Exchange[]): Markup {
  const wanted =
    exchanges.length <= maxExchanges ? exchanges : exchanges.filter(({ outcome }) => outcome !== 'ok')
  const shown = wanted.slice(-maxExchanges)
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Exchanges"><table>
<thead><tr><th>exchange</th><th>with</th><th>when</th><th class="number">took</th><th>outcome</th></tr></thead>
<tbody>${shown.map(
    ({ operation, target, host, from, to, outcome, code, producer }) =>
      html`<tr class="${outcome === 'ok' ? 'good' : 'bad'}"><th scope="row">${operation}</th><td>${target ?? host ?? 'unknown'}</td><td>${clock(from)}</td><td class="number">${duration(to - from)}</td><td>${[outcome, code, producer === 'intermediary' ? 'by an intermediary' : undefined].filter((word) => word !== undefined).join(', ')}</td></tr>`,
  )}</tbody></table></div>
${shown.length < exchanges.length ? html`<p class="quiet">and ${counted(exchanges.length - shown.length, 'more exchange')}</p>` : null}`
}
