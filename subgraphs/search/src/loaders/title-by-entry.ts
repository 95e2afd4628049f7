import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';

export interface Titles {
  readonly title: string;
  /** Of a track. */
  readonly artistName: string | null;
}

export type TitleByEntry = DataLoader<string, Titles | null>;

/** What the hits of an answer are called, in one statement. */
export function createTitleByEntry({ db }: Pick<Deps, 'db'>): TitleByEntry {
  return new DataLoader(async (ids) => {
    const rows = await db.$queryRaw<(Titles & { id: string })[]>`
      SELECT e.id, e.title, i.artist_name AS "artistName"
      FROM search_entry e LEFT JOIN indexed_track i ON i.id = e.id
      WHERE e.id = ANY (${[...ids]})`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
