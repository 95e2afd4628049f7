import { Prisma } from '../generated/prisma/client.ts';
import { genreKey } from '../text/match-key.ts';
import type { Rule, SmartRules } from './rule.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * A rule as SQL over a `track_ref t`, its owner's `reaction r` and `listen l`. What is not known of a track fulfils no
 * condition, so that NOT takes such a track.
 */
export function ruleSql(rule: Rule | null | undefined): Prisma.Sql {
  if (!rule) return Prisma.sql`TRUE`;
  if (rule.all) return Prisma.sql`(${Prisma.join(rule.all.map(ruleSql), ' AND ')})`;
  if (rule.any) return Prisma.sql`(${Prisma.join(rule.any.map(ruleSql), ' OR ')})`;
  if (rule.not) return Prisma.sql`NOT ${ruleSql(rule.not)}`;
  return Prisma.sql`coalesce(${conditionSql(rule)}, FALSE)`;
}

function conditionSql(rule: Rule): Prisma.Sql {
  const { genres, artistIds, reactions, addedWithinDays, playedWithinDays, isPlayed } = rule;
  if (genres) return Prisma.sql`t.genre_keys && ${genres.map(genreKey)}::text[]`;
  if (artistIds) return Prisma.sql`t.artist_ids && ${artistIds}::text[]`;
  if (reactions) return Prisma.sql`coalesce(r.reaction, 'NONE') = ANY (${reactions})`;
  if (addedWithinDays !== undefined) return Prisma.sql`t.added_at >= ${ago(addedWithinDays)}`;
  if (playedWithinDays !== undefined) return Prisma.sql`l.last_at >= ${ago(playedWithinDays)}`;
  if (isPlayed !== undefined) return Prisma.sql`(l.track_id IS NOT NULL) = ${isPlayed}`;
  if (rule.year) return rangeSql(Prisma.sql`t.year`, rule.year);
  if (rule.tempo) return rangeSql(Prisma.sql`t.tempo`, rule.tempo);
  if (rule.energy) return rangeSql(Prisma.sql`t.energy`, rule.energy);
  if (rule.durationMs) return rangeSql(Prisma.sql`t.duration_ms`, rule.durationMs);
  return Prisma.sql`FALSE`;
}

function rangeSql(column: Prisma.Sql, { min, max }: NonNullable<Rule['year']>): Prisma.Sql {
  const sides = [
    ...(min == null ? [] : [Prisma.sql`${column} >= ${min}::float8`]),
    ...(max == null ? [] : [Prisma.sql`${column} <= ${max}::float8`]),
  ];
  return Prisma.sql`(${Prisma.join(sides, ' AND ')})`;
}

function ago(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

export interface SortSql {
  readonly value: Prisma.Sql;
  /** The type that a cursor's text has. */
  readonly type: Prisma.Sql;
}

const text = Prisma.sql`text`;
const number = Prisma.sql`float8`;
const instant = Prisma.sql`timestamptz`;
const LONG_AGO = Prisma.sql`'epoch'::timestamptz`;

/** What a smart playlist is sorted by; nothing of it is null. */
export const SORTS: Readonly<Record<SmartRules['sort'], SortSql>> = {
  ADDED_AT: { value: Prisma.sql`t.added_at`, type: instant },
  LAST_PLAYED: { value: Prisma.sql`coalesce(l.last_at, ${LONG_AGO})`, type: instant },
  PLAYS: { value: Prisma.sql`coalesce(l.plays, 0)::float8`, type: number },
  TITLE: { value: Prisma.sql`t.title_key`, type: text },
  ARTIST: { value: Prisma.sql`(t.artist_key || ' ' || t.title_key)`, type: text },
  YEAR: { value: Prisma.sql`coalesce(t.year, 0)::float8`, type: number },
  TEMPO: { value: Prisma.sql`coalesce(t.tempo, 0)`, type: number },
  ENERGY: { value: Prisma.sql`coalesce(t.energy, -1)`, type: number },
  DURATION: { value: Prisma.sql`coalesce(t.duration_ms, 0)::float8`, type: number },
};
