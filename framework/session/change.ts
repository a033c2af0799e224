import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { FaultlineError } from '#core'
import type { Change, ChangeKind, FileKind } from '#evidence'
import type { Settings } from '#settings'

const run = promisify(execFile)

/** How much of a change is kept for people to read. */
const mostPaths = 100

/**
 * Reads what has changed since the commit that `base` and the checkout come from, with what isn't committed yet.
 * Throws FL1007 outside a git repository, for a ref that nobody knows, and where a shallow clone lacks the common commit.
 */
export async function readChange(
  base: string,
  { root, change }: Pick<Settings, 'root' | 'change'>,
  signal: AbortSignal,
): Promise<Change> {
  const git = gitIn(root, signal)
  const top = await git('rev-parse', '--show-toplevel')
  if (top === undefined)
    throw unreadable(`${root} is not in a git repository`, 'leave --base out, or run in a checkout')
  const found = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`)
  if (!found)
    throw unreadable(
      `git knows no commit by the name "${base}"`,
      'name a branch, tag or commit; fetch it first (actions/checkout: fetch-depth: 0)',
    )
  const mergeBase = await git('merge-base', found.trim(), 'HEAD')
  if (!mergeBase) {
    const shallow = (await git('rev-parse', '--is-shallow-repository'))?.trim() === 'true'
    throw unreadable(
      `"${base}" and the checkout have no commit in common${shallow ? ': the clone is shallow' : ''}`,
      shallow ? 'fetch the whole history: git fetch --unshallow' : 'name a ref that the checkout comes from',
    )
  }
  const commit = mergeBase.trim()
  // Both ends of a rename count, and so does what is not committed: a change is never taken for less than it is.
  const options = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=none']
  const listings = await Promise.all([
    git('diff', ...options, commit, '--'),
    git('ls-files', '-z', '--full-name', '--others', '--exclude-standard', top.trim()),
  ])
  if (listings.some((listing) => listing === undefined))
    throw unreadable(
      `the changes since ${commit.slice(0, 12)} could not be listed`,
      'see whether git status works',
    )
  const files = [...new Set(listings.join('').split('\0'))].filter((file) => file !== '')
  const paths = files.map((file) => path.relative(root, path.join(top.trim(), file)))
  return { base, mergeBase: commit, ...classified(paths, change) }
}

/** What a change of these files is: paths from the root, and globs from the root. Pure. */
export function classified(
  paths: readonly string[],
  globs: Settings['change'],
): Pick<Change, 'kind' | 'files' | 'paths'> {
  const matches = (list: readonly string[], file: string) => list.some((glob) => path.matchesGlob(file, glob))
  const files: Record<FileKind, number> = { test: 0, application: 0, both: 0, neither: 0 }
  for (const file of paths) {
    const isTest = matches(globs.tests, file)
    const isApplication = matches(globs.application, file)
    files[isTest && isApplication ? 'both' : isTest ? 'test' : isApplication ? 'application' : 'neither'] += 1
  }
  return { kind: kindOf(files), files, paths: paths.slice(0, mostPaths) }
}

/** "Only" is said only when every file is known to be of that kind: a lock file may break anything. */
function kindOf({ test, application, both, neither }: Readonly<Record<FileKind, number>>): ChangeKind {
  if (both > 0 || (test > 0 && application > 0)) return 'both'
  if (test + application + neither === 0) return 'nothing'
  if (neither > 0) return 'unclear'
  return test > 0 ? 'tests-only' : 'application-only'
}

/** Git, without a shell. Gives undefined where it ends with an error. Throws FL1007 where there is no git. */
function gitIn(cwd: string, signal: AbortSignal) {
  return async (...args: string[]): Promise<string | undefined> => {
    try {
      const { stdout } = await run('git', args, { cwd, signal, maxBuffer: 64 << 20 })
      return stdout
    } catch (error) {
      signal.throwIfAborted()
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw unreadable('git could not be started', 'install git, or leave --base out')
      return undefined
    }
  }
}

/** The branch that is checked out, or that the CI says it builds; undefined where neither is known. */
export async function branchOf(
  root: string,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const said = variables['GITHUB_HEAD_REF'] || variables['GITHUB_REF_NAME'] || variables['CI_COMMIT_REF_NAME']
  if (said) return said
  const branch = await gitIn(root, signal)('symbolic-ref', '--quiet', '--short', 'HEAD').catch(
    () => undefined,
  )
  return branch?.trim() || undefined
}

function unreadable(message: string, remedy: string): FaultlineError {
  return new FaultlineError('FL1007', message, { remedy })
}
