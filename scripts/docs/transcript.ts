/** A block of a document with commands and what they say: what is typed, and the lines that are shown of what comes of it. */
export interface Transcript {
  readonly commands: string
  readonly shown: readonly string[]
}

/** What is typed begins with `$ `; without such a line all is. */
export function transcriptOf(text: string): Transcript {
  const lines = text.trimEnd().split('\n')
  if (!lines.some(isTyped)) return { commands: text, shown: [] }
  return {
    commands: lines
      .filter(isTyped)
      .map((line) => line.slice(2))
      .join('\n'),
    shown: lines.filter((line) => !isTyped(line) && line.trim() !== ''),
  }
}

/** Throws where the output lacks a shown line, or has them in another order. Figures may differ; `…` stands for anything. */
export function mustFit(text: string, output: string): void {
  let rest = withoutFigures(output)
  for (const line of transcriptOf(text).shown)
    for (const part of withoutFigures(line).split('…')) {
      const at = rest.indexOf(part)
      if (at === -1) throw new Error(`the output lacks, or has too early: ${line}\n\n${output}`)
      rest = rest.slice(at + part.length)
    }
}

function isTyped(line: string): boolean {
  return line.startsWith('$ ')
}

function withoutFigures(text: string): string {
  return text.replaceAll(/\d[\d:.]*/g, '0')
}
