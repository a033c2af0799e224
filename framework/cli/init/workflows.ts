import path from 'node:path'
import type { PackageManager, Project } from './project.ts'

interface Commands {
  /** Installs what the lock file names. */
  readonly install: string
  /** Installs without one. */
  readonly installLoosely: string
  /** Adds development dependencies. */
  readonly add: string
  /** Runs a program that is installed. */
  readonly run: string
}

/** How each package manager says it. */
export const commandsOf: Readonly<Record<PackageManager, Commands>> = {
  npm: { install: 'npm ci', installLoosely: 'npm install', add: 'npm install --save-dev', run: 'npx' },
  pnpm: {
    install: 'pnpm install --frozen-lockfile',
    installLoosely: 'pnpm install',
    add: 'pnpm add --save-dev',
    run: 'pnpm exec',
  },
  yarn: {
    install: 'yarn install --immutable',
    installLoosely: 'yarn install',
    add: 'yarn add --dev',
    run: 'yarn',
  },
  bun: {
    install: 'bun install --frozen-lockfile',
    installLoosely: 'bun install',
    add: 'bun add --dev',
    run: 'bunx',
  },
}

const folder = 'faultline-report'
const files = `--html ${folder}/report.html --junit ${folder}/junit.xml --json ${folder}/run.json`

/** `faultline gate`, writing the reports that the pipelines keep. */
function gateCommand({ packageManager }: Project): string {
  return `${commandsOf[packageManager].run} faultline gate ${files}`
}

function installCommand({ packageManager, locked }: Project): string {
  const commands = commandsOf[packageManager]
  return locked ? commands.install : commands.installLoosely
}

/** Steps before the installation, for what a machine with Node lacks. */
const preparations: Readonly<Record<PackageManager, string>> = {
  npm: '',
  pnpm: '\n      - run: corepack enable',
  yarn: '\n      - run: corepack enable',
  bun: '\n      - uses: oven-sh/setup-bun@v2',
}

/** A workflow of GitHub: a hold is tried again after five minutes, twice; every exit code says what it means. */
export function githubWorkflow(project: Project, usesStagingUrl: boolean): string {
  const within = path.relative(project.repository, project.folder).split(path.sep).join('/')
  const prefix = within === '' ? '' : `${within}/`
  const defaults = within === '' ? '' : `\n    defaults:\n      run:\n        working-directory: ${within}`
  const env = usesStagingUrl ? `\n    env:\n      STAGING_URL: \${{ vars.STAGING_URL }}` : ''
  return `name: Faultline
on:
  pull_request:
  push:
    branches: [main]
  workflow_dispatch:
permissions:
  contents: read
jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 60${defaults}${env}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24${preparations[project.packageManager]}
      - run: ${installCommand(project)}
      - name: Gate
        shell: bash
        run: |
          mkdir -p ${folder}
          for attempt in 1 2 3; do
            code=0
            ${gateCommand(project)} || code=$?
            # 75 is hold: only infrastructure stands in the way, so try again later.
            if [ "$code" -ne 75 ] || [ "$attempt" -eq 3 ]; then break; fi
            sleep 300
          done
          case "$code" in
            0) ;;
            1) echo "::error title=Faultline block::The change, or a test, is at fault. A retry does not help." ;;
            3) echo "::error title=Faultline undecided::Evidence is missing or contradicts itself. Somebody must look at the report." ;;
            75) echo "::error title=Faultline hold::Only infrastructure stands in the way. Nothing may be deployed; run this job again later." ;;
            *) echo "::error title=Faultline no decision::Faultline, or its configuration, failed (exit $code)." ;;
          esac
          exit "$code"
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: faultline
          include-hidden-files: true
          if-no-files-found: ignore
          path: |
            ${prefix}${folder}/
            ${prefix}.faultline/runs/
`
}

/** A job of GitLab: a hold is tried again twice, any other failure is not. */
export function gitlabJob(project: Project): string {
  const within = path.relative(project.repository, project.folder).split(path.sep).join('/')
  const prefix = within === '' ? '' : `${within}/`
  const enter = within === '' ? '' : `\n    - cd ${within}`
  const prepare = {
    npm: '',
    pnpm: '\n    - corepack enable',
    yarn: '\n    - corepack enable',
    bun: '\n    - npm install --global bun',
  }
  return `# Exit codes: 0 pass, 1 block, 3 undecided (somebody must look), 75 hold (only infrastructure stands in the way:
# tried again here, and then later by hand), 70 and 78 no decision. Only 0 may deploy.
faultline:
  image: node:24
  script:${enter}${prepare[project.packageManager]}
    - ${installCommand(project)}
    - mkdir -p ${folder}
    - ${gateCommand(project)}
  retry:
    max: 2
    exit_codes: 75
  artifacts:
    when: always
    paths:
      - ${prefix}${folder}/
      - ${prefix}.faultline/runs/
    reports:
      junit: ${prefix}${folder}/junit.xml
`
}
