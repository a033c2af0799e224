/** A message as the history shows it. */
export interface Shown {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly degraded: string | null
}

/** What is known of a thread without asking anybody: what its user sent, and since when it is acknowledged. */
export interface Written {
  readonly sent: ReadonlySet<string>
  /** By text, in epoch ms. */
  readonly acknowledgedAt: ReadonlyMap<string, number>
}

/** What is wrong with a history that claims to be the thread as it was at `asOf`; undefined when nothing is. */
export function wrongIn(
  shown: readonly Shown[],
  { sent, acknowledgedAt }: Written,
  asOf: number,
): string | undefined {
  const own = shown.filter(({ role }) => role === 'user').map(({ text }) => text)
  if (new Set(own).size < own.length) return 'it shows a message twice'
  if (own.some((text) => !sent.has(text))) return 'it shows a message that nobody sent'
  const missing = [...acknowledgedAt].find(([text, at]) => at < asOf && !own.includes(text))
  if (missing) return 'it lacks a message that was acknowledged before'
  const answers = shown.filter(({ role, degraded }) => role === 'assistant' && degraded !== 'model-away')
  if (answers.some(({ text }) => !isAnswer(text, sent))) return 'it shows an answer to no message'
  return undefined
}

const answerTo = /^You wrote \d+ words?: (.*)$/s

function isAnswer(text: string, sent: ReadonlySet<string>): boolean {
  const question = answerTo.exec(text)?.[1]
  return question !== undefined && sent.has(question) && text === rightAnswer(question)
}

/** The model answers a message always the same. */
export function rightAnswer(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '').length
  return `You wrote ${words} ${words === 1 ? 'word' : 'words'}: ${text}`
}
