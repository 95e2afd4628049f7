import type { Deps } from '../context.ts';
import { genresBelow } from '../finding/filter-sql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type KnownTrack, readKnownTracks } from './read-known-tracks.ts';

export type PopularityRange = 'DAY' | 'WEEK' | 'MONTH' | 'ALL';

export interface Narrowing {
  readonly genre: string | null;
  /** False leaves out what is marked explicit. */
  readonly explicit: boolean;
}

/** How far back a range goes, and after how many days a listener counts half in it. */
const RANGES = {
  DAY: { days: 1, halfLife: 1 },
  WEEK: { days: 7, halfLife: 3 },
  MONTH: { days: 30, halfLife: 10 },
} as const;
/** What the viewer refuses is left out after the count: so many more are read. */
const SPARE = 50;

export interface ListedTrack {
  readonly track: KnownTrack;
}

/** What was played most, lately rather than long ago; over all time simply the most played. Without what the viewer refuses. */
export async function listPopular(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  { range, ...narrowing }: Narrowing & { readonly range: PopularityRange },
  first: number,
  now = new Date(),
): Promise<ListedTrack[]> {
  const passes = passesNarrowing(narrowing);
  const rows =
    range === 'ALL'
      ? await deps.db.$queryRaw<{ id: string }[]>`
          SELECT t.id FROM indexed_track t WHERE t.is_open AND t.plays > 0 AND ${passes}
          ORDER BY t.plays DESC, t.id LIMIT ${first + SPARE}`
      : await countLately(deps, range, passes, first + SPARE, now);
  return readListed(deps, viewerId, rows, first);
}

function countLately(
  { db }: Pick<Deps, 'db'>,
  range: keyof typeof RANGES,
  passes: Prisma.Sql,
  limit: number,
  now: Date,
): Promise<{ id: string }[]> {
  const { days, halfLife } = RANGES[range];
  const today = now.toISOString().slice(0, 10);
  return db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM (
      SELECT d.track_id, sum(d.listeners * 0.5 ^ ((${today}::date - d.day) / ${halfLife}::float8)) AS score
      FROM track_day d WHERE d.day > ${today}::date - ${days}::int AND d.day <= ${today}::date
      GROUP BY d.track_id
    ) counted JOIN indexed_track t ON t.id = counted.track_id
    WHERE t.is_open AND ${passes}
    ORDER BY counted.score DESC, t.id LIMIT ${limit}`;
}

/** SQL over an `indexed_track t`. */
export function passesNarrowing({ genre, explicit }: Narrowing): Prisma.Sql {
  const ofGenre =
    genre === null
      ? Prisma.sql`TRUE`
      : Prisma.sql`EXISTS (SELECT FROM search_entry e WHERE e.id = t.id AND e.genre_keys && ARRAY(${genresBelow(genre)}))`;
  return explicit ? ofGenre : Prisma.sql`(t.explicit IS NOT TRUE AND ${ofGenre})`;
}

/** In the order of the rows, each recording once. */
export async function readListed(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  rows: readonly { readonly id: string }[],
  first: number,
): Promise<ListedTrack[]> {
  const known = await readKnownTracks(
    deps,
    viewerId,
    rows.map(({ id }) => id),
  );
  const recordings = new Set<string>();
  return rows
    .flatMap(({ id }): ListedTrack[] => {
      const track = known.get(id);
      if (!track || track.isRefused || track.isUnwanted || recordings.has(track.recordingKey)) return [];
      recordings.add(track.recordingKey);
      return [{ track }];
    })
    .slice(0, first);
}
