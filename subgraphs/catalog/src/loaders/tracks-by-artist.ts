import type { Viewer } from '@volna/platform/identity';
import type { Page } from '@volna/platform/pagination';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { visibleSql } from '../domain/visibility.ts';
import { type CreditRole, Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';

interface ArtistPage {
  readonly artistId: string;
  /** Tracks that it has one of these parts in; those of its own page where there are none. */
  readonly roles?: readonly CreditRole[] | undefined;
  readonly page: Page<string>;
}

export type TracksByArtist = DataLoader<ArtistPage, Track[], string>;

/**
 * A page of tracks of each artist, the newest first: two statements for each combination of page size, cursor and
 * roles, however many artists there are.
 */
export function createTracksByArtist(db: Database, viewer: Viewer | null): TracksByArtist {
  return new DataLoader(
    async (keys) => {
      const groups = Map.groupBy(keys, pageKey);
      const found = await Promise.all([...groups.values()].map((group) => readPages(db, viewer, group)));
      const byKey = new Map(found.flat());
      return keys.map((key) => byKey.get(keyOf(key)) ?? []);
    },
    { cacheKeyFn: keyOf },
  );
}

/** The pages of a group, which differ in the artist alone. */
async function readPages(
  db: Database,
  viewer: Viewer | null,
  group: readonly ArtistPage[],
): Promise<[string, Track[]][]> {
  const [first] = group;
  if (!first) return [];
  const artistIds = group.map(({ artistId }) => artistId);
  const chosen = await db.$queryRaw<{ artistId: string; id: string }[]>`
    SELECT wanted.artist_id AS "artistId", page.id FROM unnest(${artistIds}::text[]) AS wanted (artist_id)
    CROSS JOIN LATERAL (${pageSql(viewer, first)}) AS page`;
  const tracks = await db.track.findMany({ where: { id: { in: chosen.map(({ id }) => id) } } });
  const byId = new Map(tracks.map((track) => [track.id, track]));
  const byArtist = Map.groupBy(chosen, ({ artistId }) => artistId);
  return group.map((key) => {
    const ids = (byArtist.get(key.artistId) ?? [])
      .map(({ id }) => id)
      .toSorted()
      .toReversed();
    return [keyOf(key), ids.flatMap((id) => byId.get(id) ?? [])];
  });
}

/** Ids of the tracks of `wanted.artist_id`. */
function pageSql(viewer: Viewer | null, { roles, page: { after, take } }: ArtistPage): Prisma.Sql {
  if (!roles) {
    return Prisma.sql`
      SELECT track.id FROM track
      WHERE track.artist_id = wanted.artist_id AND ${visibleSql(viewer)}
        AND (${after}::text IS NULL OR track.id < ${after})
      ORDER BY track.id DESC LIMIT ${take}`;
  }
  return Prisma.sql`
    SELECT DISTINCT ON (credit.track_id) credit.track_id AS id
    FROM track_credit credit JOIN track ON track.id = credit.track_id
    WHERE credit.artist_id = wanted.artist_id AND credit.role = ANY (${roles}::credit_role[])
      AND ${visibleSql(viewer)} AND (${after}::text IS NULL OR credit.track_id < ${after})
    ORDER BY credit.track_id DESC LIMIT ${take}`;
}

const pageKey = ({ roles, page: { first, after } }: ArtistPage) =>
  `${first}:${after ?? ''}:${roles ? roles.toSorted().join() : '*'}`;
const keyOf = (key: ArtistPage) => `${key.artistId}:${pageKey(key)}`;
