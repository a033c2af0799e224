import type { EpochMs } from '#core'

/**
 * One line of a journal. Stages to the right declare their records as `JournalRecord<'kind', Data>`;
 * the journal itself knows no kind but its own header.
 */
export interface JournalRecord<Kind extends string = string, Data = unknown> {
  /** When it happened, on the writer's clock. */
  readonly at: EpochMs
  /** Who saw it: `session`, `monitor`, `agent`, `worker:<n>`, `supervisor`, `keeper`, `fault`. */
  readonly source: string
  readonly kind: Kind
  readonly data: Data
}

/** What a stage hands in to be written; `at` defaults to now. */
export type NewRecord = Omit<JournalRecord, 'at'> & {
  readonly at?: EpochMs
  /** Written before `append` returns, with all that came earlier: for what must survive a kill in the next moment. */
  readonly urgent?: boolean
}

/** The port by which every stage writes. Never throws and never blocks: a failing disk is reported once by the journal's owner. */
export interface JournalSink {
  append(record: NewRecord): void
}

/** The first record of every journal: what the rest is written in. */
export type HeaderRecord = JournalRecord<'journal', { readonly format: typeof journalFormat }>

/** Changes only when a reader of the old format could no longer read the new one. */
export const journalFormat = 'faultline.journal/1'
