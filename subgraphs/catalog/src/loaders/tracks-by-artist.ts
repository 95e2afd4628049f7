import type { Viewer } from '@volna/platform/identity';
import type { Page } from '@volna/platform/pagination';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { isAdmin } from '../domain/visibility.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';

interface ArtistPage {
  readonly artistId: string;
  readonly page: Page<string>;
}

export type TracksByArtist = DataLoader<ArtistPage, Track[], string>;

/**
 * A page of tracks of each artist, the newest first: two statements for each combination of page size and
 * cursor, however many artists there are.
 */
export function createTracksByArtist(db: Database, viewer: Viewer | null): TracksByArtist {
  return new DataLoader(
    async (keys) => {
      const groups = Map.groupBy(keys, ({ page }) => pageKey(page));
      const found = await Promise.all(
        [...groups.values()].map(async (group) => {
          const page = group[0]?.page;
          return page
            ? readPages(
                db,
                viewer,
                page,
                group.map(({ artistId }) => artistId),
              )
            : [];
        }),
      );
      const byKey = new Map(found.flat());
      return keys.map((key) => byKey.get(keyOf(key)) ?? []);
    },
    { cacheKeyFn: keyOf },
  );
}

async function readPages(
  db: Database,
  viewer: Viewer | null,
  page: Page<string>,
  artistIds: readonly string[],
): Promise<[string, Track[]][]> {
  const chosen = await db.$queryRaw<{ id: string }[]>`
    SELECT page.id FROM unnest(${artistIds}::text[]) AS wanted (artist_id)
    CROSS JOIN LATERAL (
      SELECT id FROM track
      WHERE artist_id = wanted.artist_id AND ${visibleSql(viewer)}
        AND (${page.after}::text IS NULL OR id < ${page.after})
      ORDER BY id DESC LIMIT ${page.take}
    ) AS page`;
  const tracks = await db.track.findMany({
    where: { id: { in: chosen.map(({ id }) => id) } },
    orderBy: { id: 'desc' },
  });
  const byArtist = Map.groupBy(tracks, ({ artistId }) => artistId);
  return artistIds.map((artistId) => [keyOf({ artistId, page }), byArtist.get(artistId) ?? []]);
}

function visibleSql(viewer: Viewer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`true`;
  return viewer
    ? Prisma.sql`(status = 'READY' OR owner_id = ${viewer.userId})`
    : Prisma.sql`status = 'READY'`;
}

const pageKey = ({ first, after }: Page<string>) => `${first}:${after ?? ''}`;
const keyOf = ({ artistId, page }: ArtistPage) => `${artistId}:${pageKey(page)}`;
