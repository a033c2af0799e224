/**
 * Checks the rules: `npm run lint:rules [-- --journals DIR]`. On the rules' own examples every problem is an error; on the journals of
 * a folder (runs or a bench's) it is a hint, since what never happened there says little.
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { projectEvidence } from '#evidence'
import { readJournal } from '#journal'
import { type Examined, examine, examineExamples, rules } from '#verdict'
import { lintRules, type RuleProblem } from './calibrate/lint.ts'

const { values } = parseArgs({ options: { journals: { type: 'string' } } })

const inExamples = lintRules(rules, examineExamples())
say('the rules’ own examples', inExamples)
if (inExamples.length > 0) process.exitCode = 1
if (values.journals !== undefined) {
  const { troubles, runs } = await troublesIn(path.resolve(values.journals))
  say(`${troubles.length} troubles of ${runs} runs`, lintRules(rules, troubles))
}

function say(what: string, problems: readonly RuleProblem[]): void {
  console.log(`${what}: ${problems.length === 0 ? 'nothing is wrong with any rule' : ''}`)
  for (const { rule, problem, text } of problems) console.log(`  ${rule}  ${problem}: ${text}`)
}

async function troublesIn(folder: string): Promise<{ troubles: Examined[]; runs: number }> {
  const names = await readdir(folder, { recursive: true })
  const troubles: Examined[] = []
  let runs = 0
  for (const name of names.filter((each) => each.endsWith('.ndjson'))) {
    const { records } = await readJournal(path.join(folder, name))
    if (!records.some(({ kind }) => kind === 'run-started')) continue
    runs += 1
    troubles.push(...examine(projectEvidence(records)))
  }
  return { troubles, runs }
}
