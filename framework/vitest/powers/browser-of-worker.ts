import type { Browser } from 'playwright'

let launched: Promise<Browser> | undefined

/** The browser of this process, launched when a test first asks for it. */
export function browserOfWorker(launch: () => Promise<Browser>): Promise<Browser> {
  launched ??= launch()
  return launched
}

/** Ends it, if there is one. */
export async function closeBrowser(): Promise<void> {
  const browser = await launched?.catch(() => undefined)
  launched = undefined
  await browser?.close().catch(() => undefined)
}
