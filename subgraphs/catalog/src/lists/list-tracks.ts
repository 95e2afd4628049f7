import type { Viewer } from '@volna/platform/identity';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { TrackFilter, TrackSort } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';
import { conditionsOf } from './track-filter.ts';
import { type Stretch, TRACK_ORDERS } from './track-order.ts';

const { sql } = Prisma;

export interface TrackListArguments extends PageArguments {
  readonly filter?: TrackFilter | null | undefined;
  readonly sort?: TrackSort | null | undefined;
}

/**
 * Tracks that the viewer may see. Open tracks and the viewer's closed ones lie apart in every index: each part is
 * read in the list's order, no further than the page goes, and the parts are made one.
 */
export async function listTracks(
  { db, viewer }: Pick<Context, 'db' | 'viewer'>,
  { filter, sort, ...args }: TrackListArguments,
): Promise<Connection<Track>> {
  const order = TRACK_ORDERS[sort ?? 'NEWEST'];
  const page = readPage(args, order.cursor);
  const conditions = await conditionsOf(db, viewer, filter ?? {});
  const cursorOf = (track: Track) => order.cursorOf(track);
  const parts = partsOf(viewer, filter ?? {});
  if (!conditions || parts.length === 0) return toConnection<Track, unknown>([], page, cursorOf);
  const stretches = order
    .stretches(page.after)
    .flatMap((stretch) => parts.map((part) => stretchSql(stretch, [part, ...conditions], page.take)));
  const rows = await db.$queryRaw<Record<string, unknown>[]>`
    SELECT * FROM (${Prisma.join(stretches, ' UNION ALL ')}) AS listed ORDER BY ${order.order} LIMIT ${page.take}`;
  return toConnection(rows.map(toTrack), page, cursorOf);
}

/** The open tracks, and the closed ones that the viewer may see. A merged track is listed nowhere. */
function partsOf(viewer: Viewer | null, { status, isDraft }: TrackFilter): Prisma.Sql[] {
  const mayBeOpen = !isDraft && (status ?? 'READY') === 'READY';
  const open = mayBeOpen ? [sql`track.is_open`] : [];
  if (!viewer) return open;
  const closed = sql`NOT track.is_open AND track.merged_into_id IS NULL`;
  return [...open, isAdmin(viewer) ? closed : sql`${closed} AND track.owner_id = ${viewer.userId}`];
}

function stretchSql({ where, order }: Stretch, conditions: readonly Prisma.Sql[], take: number): Prisma.Sql {
  const all = Prisma.join([where, ...conditions], ' AND ');
  return sql`(SELECT track.* FROM track WHERE ${all} ORDER BY ${order} LIMIT ${take})`;
}

/** A row as Prisma's models name its columns. */
function toTrack(row: Record<string, unknown>): Track {
  const named = Object.entries(row).map(([column, value]) => [
    column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(named) as Track;
}
