import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { UserLibraryArgs } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';
import { genreKey, matchKey, prefixPattern } from '../text/match-key.ts';
import { listedFor, seenBy, shownFor } from '../visibility.ts';

const ByTime = z.tuple([z.iso.datetime(), z.string()]);
const ByText = z.tuple([z.string(), z.string()]);

/** A merged track is left out where the user has spoken of its target too. */
const ITS_OWN = Prisma.sql`(t.id = named.id OR NOT EXISTS (
  SELECT FROM reaction other WHERE other.user_id = r.user_id AND other.track_id = t.id))`;

interface Row {
  readonly id: string;
  /** What the list is sorted by, as text. */
  readonly key: string | Date;
}

const TEXT_SORTS = {
  TITLE: Prisma.sql`t.title_key`,
  ARTIST: Prisma.sql`(t.artist_key || ' ' || t.title_key)`,
};

/** The tracks that a user has reacted to, of those that pass the filter. */
export async function listLibrary(
  { db, viewer }: Context,
  userId: string,
  { sort, reaction, filter, ...args }: Partial<UserLibraryArgs>,
): Promise<Connection<Track>> {
  const byText = sort === 'TITLE' || sort === 'ARTIST' ? TEXT_SORTS[sort] : null;
  const page = readPage<readonly [string, string]>(args, byText ? ByText : ByTime);
  const { after } = page;
  const behind = byText
    ? Prisma.sql`(${byText}, t.id) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})`
    : Prisma.sql`(r.at, r.track_id) < (${after?.[0] ?? ''}::timestamptz, ${after?.[1] ?? ''})`;
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id, ${byText ?? Prisma.sql`r.at`} AS key
    FROM reaction r JOIN ${shownFor(Prisma.sql`r.track_id`)}
    WHERE r.user_id = ${userId} AND r.reaction = ${reaction ?? 'LIKE'} AND ${seenBy(viewer)}
      AND ${ITS_OWN}
      AND ${passes(filter ?? {})} AND ${after ? behind : Prisma.sql`TRUE`}
    ORDER BY ${byText ? Prisma.sql`${byText}, t.id` : Prisma.sql`r.at DESC, r.track_id DESC`}
    LIMIT ${page.take}`;
  return toConnection(rows, page, ({ key, id }): readonly [string, string] => [
    key instanceof Date ? key.toISOString() : key,
    id,
  ]);
}

function passes({
  genre,
  artistId,
  yearFrom,
  yearTo,
  text,
}: NonNullable<UserLibraryArgs['filter']>): Prisma.Sql {
  const begins = text == null ? '' : prefixPattern(matchKey(text));
  const conditions = [
    Prisma.sql`TRUE`,
    ...(genre == null ? [] : [Prisma.sql`t.genre_keys @> ${[genreKey(genre)]}::text[]`]),
    ...(artistId == null ? [] : [Prisma.sql`t.artist_ids @> ARRAY[${artistId}]`]),
    ...(yearFrom == null ? [] : [Prisma.sql`t.year >= ${yearFrom}`]),
    ...(yearTo == null ? [] : [Prisma.sql`t.year <= ${yearTo}`]),
    ...(text == null ? [] : [Prisma.sql`(t.title_key LIKE ${begins} OR t.artist_key LIKE ${begins})`]),
  ];
  return Prisma.join(conditions, ' AND ');
}

/** Tracks that the viewer may hear, those that came last first. */
export async function listRecentlyAdded(
  { db, viewer }: Context,
  args: PageArguments,
): Promise<Connection<Track>> {
  const page = readPage(args, ByTime);
  const { after } = page;
  const rows = await db.$queryRaw<{ id: string; addedAt: Date }[]>`
    SELECT t.id, t.added_at AS "addedAt" FROM track_ref t
    WHERE ${listedFor(viewer)} AND ${
      after ? Prisma.sql`(t.added_at, t.id) < (${after[0]}::timestamptz, ${after[1]})` : Prisma.sql`TRUE`
    }
    ORDER BY t.added_at DESC, t.id DESC LIMIT ${page.take}`;
  return toConnection(rows, page, ({ addedAt, id }): [string, string] => [addedAt.toISOString(), id]);
}
