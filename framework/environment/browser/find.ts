import { existsSync } from 'node:fs'
import { access, constants, readFile, writeFile } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import { delimiter, join } from 'node:path'
import { entryCommand, FaultlineError } from '#core'
import { cached, defaultCacheDir, openCache } from '../cache.ts'
import { runCommand } from '../run-command.ts'

/** A Chromium that starts, and how to start it. */
export interface Browser {
  readonly executablePath: string
  readonly args: readonly string[]
  /** Environment variables that it needs besides the usual ones. */
  readonly environment: Readonly<Record<string, string>>
  /** From the machine, or unpacked from the package `@sparticuz/chromium`. */
  readonly source: 'machine' | 'package'
}

export interface BrowserOptions {
  /** The value of PATH, where a browser of the machine is looked for. */
  readonly searchPath: string
  /** Executables that are tried before those on the path, such as the one that Playwright has installed. */
  readonly installed?: readonly string[]
  /** The folder of the configuration file: the package is looked for from there first. */
  readonly root: string
  /** Where the package is unpacked once per user and version; chosen when absent. */
  readonly cacheDir?: string
  /** A folder that the caller removes; used where nothing can be kept. */
  readonly dir: string
  readonly signal: AbortSignal
}

const packageName = '@sparticuz/chromium'
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/**
 * Finds a Chromium: the machine's own where there is one that starts, else the one that the package brings.
 * @throws FaultlineError FL2002 when there is neither, FL2001 when the package's can't be unpacked.
 */
export async function findBrowser(options: BrowserOptions): Promise<Browser> {
  const folders = options.searchPath.split(delimiter).filter((folder) => folder !== '')
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const executablePath of [...(options.installed ?? []), ...onPath].filter(existsSync)) {
    if (await starts(executablePath, {}, options.signal))
      return { executablePath, args: sandboxArgs(), environment: {}, source: 'machine' }
  }
  return unpackBrowser(options)
}

async function unpackBrowser(options: BrowserOptions): Promise<Browser> {
  const { entry, manifest } = resolvePackage(options.root)
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const cache = await openCache(options.cacheDir ?? defaultCacheDir(), options.dir)
  // What is kept has started once: a run whose tests may want no browser needn't start it to find out.
  const folder = await cached(cache, `chromium-${version}`, (draft) => unpack(entry, draft, options.signal))
  return { ...browserIn(folder), args: sandboxArgs(), source: 'package' }
}

function browserIn(folder: string): Pick<Browser, 'executablePath' | 'environment'> {
  return {
    executablePath: join(folder, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  }
}

/** Unpacks the package's browser, and starts it: one that doesn't is of no use to anybody. */
async function unpack(entry: string, draft: string, signal: AbortSignal): Promise<void> {
  const { file, args } = entryCommand(import.meta.url, 'unpack-main')
  await runCommand(file, [...args, entry], {
    // Only where it takes the machine for a serverless one does the package unpack the libraries that it needs.
    environment: { AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x', TMPDIR: draft, HOME: draft },
    signal,
  })
  await writeFile(join(draft, 'fonts', 'fonts.conf'), fontsConf)
  const { executablePath, environment } = browserIn(draft)
  if (!(await starts(executablePath, environment, signal)))
    throw new FaultlineError('FL2001', 'the browser of the package does not start on this machine', {
      remedy: 'Install Chromium on this machine, or report what the one of the package prints.',
    })
}

/** The package's own names folders of serverless platforms only: pages would come out without a letter. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
</fontconfig>
`

/** The package's main file and its package.json; how deep the one lies below the other differs between versions. */
function resolvePackage(root: string): { entry: string; manifest: string } {
  for (const base of [join(root, 'package.json'), import.meta.url]) {
    try {
      const entry = createRequire(base).resolve(packageName)
      const manifest = findPackageJSON(packageName, base)
      if (manifest !== undefined) return { entry, manifest }
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new FaultlineError('FL2002', 'there is no browser on this machine', {
    remedy: 'Install Chromium, or let npm bring one: npm install --save-dev @sparticuz/chromium',
  })
}

/** Whether the program starts at all and says that it is a browser: a stub on the path does neither. */
async function starts(
  executablePath: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await access(executablePath, constants.X_OK)
    const text = await runCommand(executablePath, ['--version'], {
      environment: { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment },
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
    return /chrom/i.test(text)
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/** Chromium's sandbox can't be had as root. */
function sandboxArgs(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}
