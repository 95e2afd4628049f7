import { type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';

/** A user's playlists, newest first; strangers see the public ones. */
export async function listPlaylists({ db, viewer }: Context, ownerId: string, args: PageArguments) {
  const page = readPage(args, z.string());
  const rows = await db.playlist.findMany({
    where: {
      ownerId,
      ...(viewer?.userId === ownerId ? {} : { visibility: 'PUBLIC' }),
      ...(page.after && { id: { lt: page.after } }),
    },
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}
