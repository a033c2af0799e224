/**
 * Unpacks the Chromium of the package that the only argument names into the folder for temporary files, which
 * must be private to this process: the package unpacks into fixed names there and takes what it finds.
 */
import { pathToFileURL } from 'node:url'

interface Package {
  readonly default: { executablePath(): Promise<string> }
}

const [file = ''] = process.argv.slice(2)
const { default: chromium } = (await import(pathToFileURL(file).href)) as Package
await chromium.executablePath()
