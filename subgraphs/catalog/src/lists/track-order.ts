import { TrackId } from '@volna/events';
import { z } from 'zod';

import type { TrackSort } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Track } from '../models.ts';

const { sql } = Prisma;

/** A stretch of a list that one index holds in the list's order. */
export interface Stretch {
  readonly where: Prisma.Sql;
  readonly order: Prisma.Sql;
}

/** How a list of tracks is sorted, and where a page of it goes on. */
export interface TrackOrder<Cursor> {
  readonly cursor: z.ZodType<Cursor>;
  cursorOf(track: Track): Cursor;
  /** All that comes after a cursor, or everything; each row is in one of them. */
  stretches(after: Cursor | null): Stretch[];
  /** Of the whole list. */
  readonly order: Prisma.Sql;
}

const orders = <Cursor>(order: TrackOrder<Cursor>) => order;

const NEWEST = orders<string>({
  cursor: TrackId,
  cursorOf: ({ id }) => id,
  order: sql`id DESC`,
  stretches: (after) => [{ where: after ? sql`track.id < ${after}` : sql`true`, order: sql`id DESC` }],
});

const OLDEST = orders<string>({
  cursor: TrackId,
  cursorOf: ({ id }) => id,
  order: sql`id`,
  stretches: (after) => [{ where: after ? sql`track.id > ${after}` : sql`true`, order: sql`id` }],
});

const Word = z.string().refine((text) => !text.includes('\0') && text.isWellFormed());
const TITLE = orders<[string, string]>({
  cursor: z.tuple([Word, TrackId]),
  cursorOf: ({ titleKey, id }) => [titleKey, id],
  order: sql`title_key, id`,
  stretches: (after) => [
    {
      where: after ? sql`(track.title_key, track.id) > (${after[0]}, ${after[1]})` : sql`true`,
      order: sql`title_key, id`,
    },
  ],
});

const Year = z.number().int().min(-32_768).max(32_767).nullable();
const BY_YEAR = sql`year DESC, id DESC`;
const YEAR = orders<[number | null, string]>({
  cursor: z.tuple([Year, TrackId]),
  cursorOf: ({ year, id }) => [year, id],
  order: sql`year DESC NULLS LAST, id DESC`,
  // an index has nulls at one end only, and in this list it is the other one
  stretches(after) {
    const [year = null, id] = after ?? [];
    const without =
      id && year === null ? sql`track.year IS NULL AND track.id < ${id}` : sql`track.year IS NULL`;
    const last = { where: without, order: BY_YEAR };
    if (id && year === null) return [last];
    const withYear = id
      ? sql`track.year IS NOT NULL AND (track.year, track.id) < (${year}, ${id})`
      : sql`track.year IS NOT NULL`;
    return [{ where: withYear, order: BY_YEAR }, last];
  },
});

export const TRACK_ORDERS: Readonly<Record<TrackSort, TrackOrder<unknown>>> = {
  NEWEST,
  OLDEST,
  TITLE,
  YEAR,
};
