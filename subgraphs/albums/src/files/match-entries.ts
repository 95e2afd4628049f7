import type { Context } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { matchKey } from '../text/match-key.ts';
import { listedFor, seenBy, shownFor } from '../visibility.ts';
import { type Entry, trackIdOf } from './entry.ts';

/** Taggers and players disagree on lengths by so much. */
const NEAR_MS = 3_000;

interface Row {
  readonly place: number;
  readonly id: string;
}

/**
 * The track that each entry of a file means, of those that the viewer may hear, or null: by our own id, else by title
 * and artist. A length that is far off is another recording; where there is no artist, the length has to be near.
 * One statement for all.
 */
export async function matchEntries(
  { db, viewer }: Context,
  entries: readonly Entry[],
): Promise<(string | null)[]> {
  const ids = entries.map(({ location }) => trackIdOf(location) ?? '');
  const titles = entries.map(({ title }) => matchKey(title ?? ''));
  const artists = entries.map(({ artist }) => matchKey(artist ?? ''));
  const durations = entries.map(({ durationMs }) => durationMs ?? -1);
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.place::int AS place, found.id
    FROM unnest(${ids}::text[], ${titles}::text[], ${artists}::text[], ${durations}::int[])
      WITH ORDINALITY AS e (id, title, artist, duration, place)
    CROSS JOIN LATERAL (
      SELECT t.id FROM (SELECT e.id) given JOIN ${shownFor(Prisma.sql`given.id`)} WHERE ${seenBy(viewer)}
      UNION ALL
      (SELECT t.id FROM track_ref t
       WHERE e.title <> '' AND t.title_key = e.title AND ${listedFor(viewer)}
         AND (t.artist_key = e.artist OR t.artist_keys @> ARRAY[e.artist] OR e.artist = '')
         AND CASE
           WHEN e.duration < 0 OR t.duration_ms IS NULL THEN e.artist <> ''
           ELSE abs(t.duration_ms - e.duration) <= ${NEAR_MS} END
       ORDER BY abs(t.duration_ms - e.duration), t.id LIMIT 1)
      LIMIT 1
    ) found`;
  const byPlace = new Map(rows.map(({ place, id }) => [place, id]));
  return entries.map((_, at) => byPlace.get(at + 1) ?? null);
}
