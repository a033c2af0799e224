import type { EpochMs } from '#core'

/**
 * One line of a journal. Stages to the right declare their records as `JournalRecord<'kind', Data>`;
 * the journal itself knows no kind.
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
export type NewRecord = Omit<JournalRecord, 'at'> & { readonly at?: EpochMs }

/** The port by which every stage writes. Never throws and never blocks: a failing disk is reported once by the journal's owner. */
export interface JournalSink {
  append(record: NewRecord): void
}
