import pg from 'pg'
import type { Talker } from './journeys.ts'
import type { Kept } from './score.ts'

/** Asks PostgreSQL itself, past every link and cache, what became of the messages of these users. */
export async function readBack(databaseUrl: string, talkers: readonly Talker[]): Promise<Kept> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ thread: string; text: string }>(
      `SELECT thread_id AS thread, text FROM chat.messages WHERE role = 'user' AND thread_id = ANY($1)`,
      [talkers.map(({ thread }) => thread)],
    )
    return keptOf(
      talkers,
      Map.groupBy(rows, ({ thread }) => thread),
    )
  } finally {
    await client.end()
  }
}

/** What of that was acknowledged and isn't there, and what is there more often than it was sent. */
export function keptOf(
  talkers: readonly Pick<Talker, 'thread' | 'acknowledgedAt'>[],
  rows: ReadonlyMap<string, readonly { readonly text: string }[]>,
): Kept {
  const found = talkers.map(({ thread, acknowledgedAt }) => {
    const texts = (rows.get(thread) ?? []).map(({ text }) => text)
    const there = new Set(texts)
    const lost = [...acknowledgedAt.keys()].filter((text) => !there.has(text)).length
    return { lost, doubled: texts.length - there.size }
  })
  return {
    lost: found.reduce((sum, { lost }) => sum + lost, 0),
    doubled: found.reduce((sum, { doubled }) => sum + doubled, 0),
  }
}
