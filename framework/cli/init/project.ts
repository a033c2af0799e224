import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { FaultlineError, messageOf } from '#core'

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'
export type Ci = 'github' | 'gitlab'

/** What a folder tells about the project in it. */
export interface Project {
  readonly folder: string
  /** The folder with `.git`; the project's own where there is none. CI files belong there. */
  readonly repository: string
  readonly packageManager: PackageManager
  /** A lock file was found, so that CI can install exactly what it names. */
  readonly locked: boolean
  /** Where a pipeline seems to run. */
  readonly ci: Ci | undefined
  readonly language: 'ts' | 'js'
  readonly modules: 'esm' | 'cjs'
  /** The names of all dependencies. */
  readonly dependencies: ReadonlySet<string>
  /** Vitest's major version, as installed, or else as declared. */
  readonly vitest: number | undefined
  /** The program that serves the application, from the folder. */
  readonly server: string | undefined
  /** A path that the server seems to answer with 200. */
  readonly health: string
  /** The application talks to PostgreSQL. */
  readonly postgres: boolean
}

interface PackageFile {
  readonly type?: string
  readonly main?: string
  readonly packageManager?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const lockFiles: Readonly<Record<string, PackageManager>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
}
const postgresPackages = ['pg', 'postgres', 'pg-promise', 'slonik', '@prisma/adapter-pg']
const usualServers = ['server', 'src/server', 'src/main', 'src/index', 'app', 'index'].flatMap((name) =>
  ['.ts', '.mts', '.js', '.mjs', '.cjs'].map((extension) => name + extension),
)

/** Reads a project. It only looks. Throws FL1004 where there is no package.json, or one that can't be read. */
export function readProject(folder: string): Project {
  const file = readPackage(folder)
  const repository = nearestWith(folder, '.git') ?? folder
  const declared = { ...file.dependencies, ...file.devDependencies }
  const lockFile = lockFileOf(folder, repository)
  const server = serverOf(folder, file)
  return {
    folder,
    repository,
    packageManager: lockFile ? lockFiles[lockFile]! : namedManager(file.packageManager),
    locked: lockFile !== undefined,
    ci: ciOf(repository),
    language: 'typescript' in declared || existsSync(path.join(folder, 'tsconfig.json')) ? 'ts' : 'js',
    modules: file.type === 'module' ? 'esm' : 'cjs',
    dependencies: new Set(Object.keys(declared)),
    vitest: majorOf(textOf(folder, 'node_modules/vitest/package.json'), declared['vitest']),
    server,
    health: healthOf(server === undefined ? '' : textOf(folder, server)),
    postgres: postgresPackages.some((name) => name in declared),
  }
}

function readPackage(folder: string): PackageFile {
  const file = path.join(folder, 'package.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageFile
  } catch (error) {
    throw new FaultlineError('FL1004', `${file}: ${messageOf(error)}`, {
      remedy: 'run `faultline init` in the folder of your project; `npm init` makes one',
      cause: error,
    })
  }
}

function nearestWith(folder: string, entry: string): string | undefined {
  if (existsSync(path.join(folder, entry))) return folder
  return folder === path.dirname(folder) ? undefined : nearestWith(path.dirname(folder), entry)
}

/** A workspace's lock file lies above its packages, in the same repository. */
function lockFileOf(folder: string, repository: string): string | undefined {
  const found = Object.keys(lockFiles).find((name) => existsSync(path.join(folder, name)))
  if (found !== undefined || folder === repository || folder === path.dirname(folder)) return found
  return lockFileOf(path.dirname(folder), repository)
}

function namedManager(text: string | undefined): PackageManager {
  const name = text?.split('@')[0]
  return Object.values(lockFiles).find((one) => one === name) ?? 'npm'
}

function ciOf(repository: string): Ci | undefined {
  if (existsSync(path.join(repository, '.gitlab-ci.yml'))) return 'gitlab'
  if (existsSync(path.join(repository, '.github'))) return 'github'
  const remotes = textOf(repository, '.git/config')
  if (/^\s*url\s*=.*github\.com/m.test(remotes)) return 'github'
  return /^\s*url\s*=.*gitlab/m.test(remotes) ? 'gitlab' : undefined
}

function majorOf(installed: string, declared: string | undefined): number | undefined {
  const version = /"version":\s*"(\d+)/.exec(installed)?.[1] ?? /\d+/.exec(declared ?? '')?.[0]
  return version === undefined ? undefined : Number(version)
}

/** What `npm start`, or else another usual script, gives to node; or else a file of a usual name. */
function serverOf(folder: string, { scripts = {}, main }: PackageFile): string | undefined {
  const started = ['start', 'serve', 'server', 'dev'].map(
    (name) => /\b(?:node|tsx|nodemon)\s(?:\S+\s+)*?(\S+\.[cm]?[jt]s)\b/.exec(scripts[name] ?? '')?.[1],
  )
  return [...started, main, ...usualServers]
    .filter((file): file is string => file !== undefined)
    .map((file) => path.posix.normalize(file))
    .find((file) => /\.[cm]?[jt]s$/.test(file) && existsSync(path.join(folder, file)))
}

function healthOf(server: string): string {
  return /['"`](\/(?:api\/)?(?:health|healthz|livez|ping)(?:\/[\w-]+)*)['"`]/.exec(server)?.[1] ?? '/'
}

function textOf(folder: string, file: string): string {
  try {
    return readFileSync(path.join(folder, file), 'utf8')
  } catch {
    return ''
  }
}
