import { ArtistId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { ArtistFilter, ArtistSort } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Artist } from '../models.ts';

export interface ArtistListArguments extends PageArguments {
  readonly filter?: ArtistFilter | null | undefined;
  readonly sort?: ArtistSort | null | undefined;
}

const isText = (text: string) => !text.includes('\0') && text.isWellFormed();
const ByName = z.tuple([z.string().refine(isText), ArtistId]);

/** Artist pages that the viewer may see. */
export async function listArtists(
  context: Pick<Context, 'db' | 'viewer'>,
  { filter, sort, ...args }: ArtistListArguments,
): Promise<Connection<Artist>> {
  const where = [seenBy(context), ...conditionsOf(filter ?? {})];
  return sort === 'NAME' ? byName(context, where, args) : newest(context, where, args);
}

async function newest(
  { db }: Pick<Context, 'db'>,
  where: Prisma.ArtistWhereInput[],
  args: PageArguments,
): Promise<Connection<Artist>> {
  const page = readPage<string>(args, ArtistId);
  const rows = await db.artist.findMany({
    where: { AND: [...where, page.after ? { id: { lt: page.after } } : {}] },
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}

async function byName(
  { db }: Pick<Context, 'db'>,
  where: Prisma.ArtistWhereInput[],
  args: PageArguments,
): Promise<Connection<Artist>> {
  const page = readPage<[string, string]>(args, ByName);
  const [nameKey, id] = page.after ?? ['', ''];
  // the first half of the condition is what the index is entered by
  const after = { nameKey: { gte: nameKey }, OR: [{ nameKey: { gt: nameKey } }, { id: { gt: id } }] };
  const rows = await db.artist.findMany({
    where: { AND: [...where, page.after ? after : {}] },
    orderBy: [{ nameKey: 'asc' }, { id: 'asc' }],
    take: page.take,
  });
  return toConnection(rows, page, (artist): [string, string] => [artist.nameKey, artist.id]);
}

function seenBy({ viewer }: Pick<Context, 'viewer'>): Prisma.ArtistWhereInput {
  if (isAdmin(viewer)) return {};
  return viewer ? { OR: [{ moderation: 'CLEAR' }, { ownerId: viewer.userId }] } : { moderation: 'CLEAR' };
}

function conditionsOf({ name, isVerified, country }: ArtistFilter): Prisma.ArtistWhereInput[] {
  return [
    name ? { nameKey: isText(name) ? nameKeyOf(name) : { in: [] } } : {},
    country ? { country: isText(country) ? country.toUpperCase() : { in: [] } } : {},
    isVerified === undefined || isVerified === null ? {} : { verifiedAt: isVerified ? { not: null } : null },
  ];
}
