import { TrackId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import type { TrackFilter } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';
import { keyOfTitle } from './input.ts';
import { readId } from './read-id.ts';
import { visibleTo } from './visibility.ts';

/** Tracks that the viewer may see, the newest first. */
export async function listTracks(
  { db, viewer }: Pick<Context, 'db' | 'viewer'>,
  args: PageArguments,
  filter: TrackFilter,
): Promise<Connection<Track>> {
  const page = readPage<string>(args, TrackId);
  const chosen = whereOf(filter);
  const rows = chosen
    ? await db.track.findMany({
        where: { AND: [visibleTo(viewer), chosen, page.after ? { id: { lt: page.after } } : {}] },
        orderBy: { id: 'desc' },
        take: page.take,
      })
    : [];
  return toConnection(rows, page, ({ id }) => id);
}

/** Null for a filter that no track can pass. */
function whereOf({ title, artistId, status }: TrackFilter): Prisma.TrackWhereInput | null {
  const artist = artistId ? readId('Artist', artistId) : undefined;
  if (artist === null || title?.includes('\0')) return null;
  return {
    ...(title ? { titleKey: keyOfTitle(title.toWellFormed()) } : {}),
    ...(artist ? { artistId: artist } : {}),
    ...(status ? { status } : {}),
  };
}
