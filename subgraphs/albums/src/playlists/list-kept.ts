import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { playlistSeenBy } from '../visibility.ts';

const Cursor = z.tuple([z.iso.datetime(), z.string()]);

/** Playlists of others that the viewer has a part in, last joined first. */
export function listShared(context: Context, args: PageArguments): Promise<Connection<Playlist>> {
  return listKept(context, args, Prisma.sql`playlist_member k`, Prisma.sql`k.joined_at`);
}

/** Playlists that the viewer follows and may still see, last followed first. */
export function listFollowed(context: Context, args: PageArguments): Promise<Connection<Playlist>> {
  return listKept(context, args, Prisma.sql`playlist_follow k`, Prisma.sql`k.at`);
}

async function listKept(
  { db, viewer }: Context,
  args: PageArguments,
  kept: Prisma.Sql,
  at: Prisma.Sql,
): Promise<Connection<Playlist>> {
  const page = readPage(args, Cursor);
  const { after } = page;
  const rows = await db.$queryRaw<(Playlist & { keptAt: Date })[]>`
    SELECT ${playlistRow(viewer)}, ${at} AS "keptAt"
    FROM ${kept} JOIN playlist p ON p.id = k.playlist_id ${joinMember(viewer)}
    WHERE k.user_id = ${viewer?.userId ?? ''} AND ${playlistSeenBy(viewer)}
      AND ${after ? Prisma.sql`(${at}, p.id) < (${after[0]}::timestamptz, ${after[1]})` : Prisma.sql`TRUE`}
    ORDER BY ${at} DESC, p.id DESC LIMIT ${page.take}`;
  return toConnection(rows, page, ({ keptAt, id }): [string, string] => [keptAt.toISOString(), id]);
}

/** The viewer's folders that are in no other, by name. */
export function listFolders({ db, viewer }: Context) {
  return db.playlistFolder.findMany({
    where: { ownerId: viewer?.userId ?? '', parentId: null },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}
