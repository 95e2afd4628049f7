import { ArtistId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import type { Artist } from '../models.ts';

/** All artists, the newest first. */
export async function listArtists(
  { db }: Pick<Context, 'db'>,
  args: PageArguments,
): Promise<Connection<Artist>> {
  const page = readPage<string>(args, ArtistId);
  const rows = await db.artist.findMany({
    ...(page.after ? { where: { id: { lt: page.after } } } : {}),
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}
