import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * The folders that programs in containers need to see, at the same paths as here: the checkout, every `node_modules`
 * above it, and the package that each of `programs` lies in.
 */
export function mountsOf(root: string, programs: readonly string[]): string[] {
  const above = parentsOf(root).map((folder) => join(folder, 'node_modules'))
  const folders = [root, ...above.filter((folder) => existsSync(folder)), ...programs.map(packageOf)]
  return folders.filter(
    (folder, index) =>
      folders.indexOf(folder) === index &&
      !folders.some((other) => other !== folder && contains(other, folder)),
  )
}

function packageOf(program: string): string {
  const folders = parentsOf(program)
  return folders.find((folder) => existsSync(join(folder, 'package.json'))) ?? dirname(program)
}

function parentsOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...parentsOf(parent)]
}

function contains(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..')
}
