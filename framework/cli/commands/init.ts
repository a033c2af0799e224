import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, exitCode, FaultlineError, messageOf } from '#core'
import type { CommandContext } from '../context.ts'
import { askFor, suggested, terminal } from '../init/ask.ts'
import { type PlannedFile, planFiles } from '../init/plan.ts'
import { type Project, readProject } from '../init/project.ts'
import type { Answers } from '../init/templates.ts'
import { commandsOf } from '../init/workflows.ts'

export interface InitOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** `faultline init`: writes what a project needs and doesn't have, and says what is left to do. */
export async function init(context: CommandContext, options: InitOptions): Promise<ExitCode> {
  const project = readProject(context.cwd)
  const { files, byHand } = planFiles(project, await answersFor(project, context, options))
  for (const planned of files) {
    const name = path.relative(context.cwd, planned.file)
    if (planned.exists) context.out(`left alone  ${name}`)
    else if (options.dryRun) context.out(`would write ${name}\n\n${indented(planned.text)}`)
    else context.out(`${(await create(planned)) ? 'wrote      ' : 'left alone '} ${name}`)
  }
  const { run } = commandsOf[project.packageManager]
  const steps = [...byHand, `then: ${run} faultline gate`]
  context.out(`\nLeft to do:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`)
  return exitCode.pass
}

async function answersFor(
  project: Project,
  context: CommandContext,
  { yes, dryRun }: InitOptions,
): Promise<Answers> {
  const canAsk = process.stdin.isTTY === true && process.stdout.isTTY === true
  if (yes || dryRun || !canAsk) return suggested(project)
  using dialogue = terminal(context.signal)
  return await askFor(project, dialogue.ask)
}

/** Creates a file; false when somebody else has made it meanwhile, whose stays. */
async function create({ file, text }: PlannedFile): Promise<boolean> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new FaultlineError('FL1004', `${file} could not be written: ${messageOf(error)}`, {
      remedy: 'let this user write to the project',
      cause: error,
    })
  }
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ')
}
