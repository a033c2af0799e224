import type { SignalRule } from './rule.ts'
import { rules, vocabulary } from './vocabulary.ts'

/** `docs/reference/signals.md`: the vocabulary as people read it. */
export function signalsReference(): string {
  const tables = Object.entries(vocabulary).map(([family, rules]) => `## ${family}\n\n${tableOf(rules)}`)
  return `${introduction}\n${tables.join('\n')}`
}

const introduction = `# Signals

Generated from \`framework/evidence/signals/families\`; don't edit. A signal is one low-level fact of a failure. Its code says what
was seen, never who is at fault: the same code comes from an application that crashed and from a network that was cut. The
fault family groups the codes that one fault wears. Beside these, HTTP statuses (\`HTTP.<status>\`), WebSocket close codes
(\`WS.<code>\`) and SQLSTATEs by class (\`PG.<class>\`) are read wherever they are written as such.

A *wrapper* only says that something failed inside; a *consequence* nearly always follows from something earlier. Neither is
taken for the cause when anything else is known.
`

function tableOf(rules: readonly SignalRule[]): string {
  const rows = rules.map((rule) => {
    const seenAs = [
      ...(rule.codes ?? []).map(inCode),
      ...(rule.texts ?? []).map((text) => inCode(text.source)),
    ]
    const cells = [
      inCode(rule.stableCode),
      rule.family,
      rule.kind,
      rule.standing ?? standingBeside(rule),
      rule.means,
      seenAs.join('<br>'),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `| stable code | family | kind | standing | means | seen as |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`
}

/** Of what follows only where another code is said too: which. */
function standingBeside({ stableCode }: SignalRule): string {
  const others = rules.filter(({ entails }) => entails?.includes(stableCode))
  return others.length === 0
    ? ''
    : `consequence beside ${others.map((other) => inCode(other.stableCode)).join(', ')}`
}

function inCode(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', '´')}\``
}
