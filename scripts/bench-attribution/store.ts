import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type JournalRecord, readJournal } from '#journal'
import type { Label } from './label.ts'

/** Where labelled runs are kept: journals and labels apart, so that whoever judges opens no label. */
export interface Store {
  readonly folder: string
  labels(): Promise<Label[]>
  label(id: string): Promise<Label | undefined>
  journal(id: string): Promise<readonly JournalRecord[]>
  journalFile(id: string): string
  keep(label: Label, journal: string | undefined): Promise<void>
}

export async function openStore(folder: string): Promise<Store> {
  const journals = path.join(folder, 'journals')
  const labels = path.join(folder, 'labels')
  for (const each of [journals, labels]) await mkdir(each, { recursive: true })
  const journalFile = (id: string) => path.join(journals, `${id}.ndjson`)
  const label = async (id: string) => {
    const text = await readFile(path.join(labels, `${id}.json`), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : (JSON.parse(text) as Label)
  }
  return {
    folder,
    label,
    journalFile,
    async labels() {
      const names = (await readdir(labels)).filter((name) => name.endsWith('.json')).sort()
      return Promise.all(names.map(async (name) => (await label(path.basename(name, '.json')))!))
    },
    journal: async (id) => (await readJournal(journalFile(id))).records,
    /** The label last and in one step: a run whose label is there is whole. */
    async keep(one, journal) {
      if (journal !== undefined) await rename(journal, journalFile(one.id))
      const draft = path.join(folder, `${one.id}.draft`)
      await writeFile(draft, `${JSON.stringify(one, null, 2)}\n`)
      await rename(draft, path.join(labels, `${one.id}.json`))
    },
  }
}
