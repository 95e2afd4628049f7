import { Prisma } from '../generated/prisma/client.ts';
import { normalise } from '../text/normalise.ts';
import type { Filter } from './types.ts';

/**
 * What this viewer may find, of entries under an alias: the one rule, in every statement that finds anything. An album of
 * which nothing can be heard is its owner's alone.
 */
export function isVisible(viewerId: string | null, alias: 'e' | 't' = 'e'): Prisma.Sql {
  const entry = Prisma.raw(alias);
  return Prisma.sql`((${entry}.is_public AND (${entry}.kind <> 'ALBUM' OR (
      SELECT bool_or(part.is_public) FROM album_tracks a JOIN search_entry part ON part.id = ANY (a.track_ids)
      WHERE a.album_id = ${entry}.id) IS NOT FALSE))
    OR (${entry}.owner_id = ${viewerId} AND NOT ${entry}.is_merged))`;
}

/**
 * What the filter lets through. An artist or an album passes it with a track that passes and may be found; of a
 * playlist the index knows no tracks, so that none passes. Null for a filter that asks for nothing.
 */
export function passesFilter(viewerId: string | null, filter: Filter): Prisma.Sql | null {
  const conditions = trackConditions(filter);
  if (conditions.length === 0) return null;
  const passes = Prisma.join(conditions, ' AND ');
  const track = Prisma.sql`search_entry t JOIN indexed_track i ON i.id = t.id`;
  return Prisma.sql`CASE e.kind
    WHEN 'TRACK' THEN EXISTS (SELECT FROM ${track} WHERE t.id = e.id AND ${passes})
    WHEN 'ARTIST' THEN EXISTS (
      SELECT FROM ${track}
      WHERE (t.artist_id = e.id OR i.credited_ids @> ARRAY[e.id]) AND ${isVisible(viewerId, 't')} AND ${passes})
    WHEN 'ALBUM' THEN EXISTS (
      SELECT FROM album_tracks a JOIN ${track} ON t.id = ANY (a.track_ids)
      WHERE a.album_id = e.id AND ${isVisible(viewerId, 't')} AND ${passes})
    ELSE FALSE END`;
}

type Column = 't.year' | 'i.tempo' | 'i.energy' | 'i.duration_ms';

function trackConditions(filter: Filter): Prisma.Sql[] {
  const { genre, artistId, key, language, explicit, excludeAiSuspected } = filter;
  return [
    genre == null ? null : Prisma.sql`t.genre_keys && ARRAY(${genresBelow(genre)})`,
    artistId == null ? null : Prisma.sql`(t.artist_id = ${artistId} OR i.credited_ids @> ARRAY[${artistId}])`,
    ...range('t.year', filter.yearFrom, filter.yearTo),
    ...range('i.tempo', filter.tempoFrom, filter.tempoTo),
    ...range('i.energy', filter.energyFrom, filter.energyTo),
    ...range('i.duration_ms', filter.durationFromMs, filter.durationToMs),
    key == null ? null : Prisma.sql`lower(i.musical_key) = lower(${key.trim()})`,
    // `pt` is also `pt-BR`
    language == null
      ? null
      : Prisma.sql`(lower(i.language) = lower(${language}) OR starts_with(lower(i.language), lower(${language}) || '-'))`,
    explicit == null ? null : Prisma.sql`coalesce(i.explicit, FALSE) = ${explicit}`,
    excludeAiSuspected ? Prisma.sql`NOT i.is_ai_suspected` : null,
  ].filter((condition) => condition !== null);
}

function range(column: Column, from?: number | null, to?: number | null): Prisma.Sql[] {
  const name = Prisma.raw(column);
  return [
    ...(from == null ? [] : [Prisma.sql`${name} >= ${from}::float8`]),
    ...(to == null ? [] : [Prisma.sql`${name} <= ${to}::float8`]),
  ];
}

/** A genre and those that the tree has below it, in every spelling. */
export function genresBelow(genre: string): Prisma.Sql {
  const key = normalise(genre);
  return Prisma.sql`
    WITH RECURSIVE below AS (
      SELECT coalesce((SELECT g.same_as FROM genre_name g WHERE g.key = ${key}), ${key}) AS key
      UNION
      SELECT g.key FROM genre_name g JOIN below ON g.parent_key = below.key OR g.same_as = below.key
    )
    SELECT below.key FROM below`;
}
