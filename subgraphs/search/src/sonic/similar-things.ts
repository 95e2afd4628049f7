import type { VectorHit } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import type { Neighbour } from '../domain/find-similar.ts';
import { offered } from '../domain/may-be-offered.ts';
import { isVisible } from '../finding/filter-sql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { askVectors, trackOf } from './ask-vectors.ts';
import { ofOneModel, readSounds } from './read-sounds.ts';
import { toVectorFilter } from './to-vector-filter.ts';

/** Tracks that an artist or an album is heard by, the most played. */
const VOICES = 8;
/** Tracks near to those; the artists or albums that they are of are what is similar. */
const NEAR = 150;

export type Kind = 'ARTIST' | 'ALBUM';

/**
 * The artists that artists sound like, or the albums that albums do, in five statements however many are asked about: the
 * nearest of each of their tracks, fused by rank. Empty where nothing is known; null where the vector store does not answer.
 */
export async function findSimilarThings(
  { db, vectors }: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
  kind: Kind,
  ids: readonly string[],
): Promise<Map<string, Neighbour[] | null>> {
  const voices = await readVoices(db, viewerId, kind, ids);
  const sounds = await readSounds(
    db,
    viewerId,
    voices.map(({ trackId }) => trackId),
  );
  const heard = [...Map.groupBy(voices, ({ thingId }) => thingId)].flatMap(([id, of]) => {
    const alike = ofOneModel(of.flatMap(({ trackId }) => sounds.get(trackId) ?? []));
    const [{ model } = { model: '' }] = alike;
    return alike.length === 0 ? [] : [{ id, model, each: alike.map(({ vector }) => vector) }];
  });
  const passes = offered(await toVectorFilter(db, {}));
  const questions = heard.map(({ id, model, each }) => ({
    model,
    target: { each },
    limit: NEAR,
    filter: kind === 'ARTIST' ? { ...passes, noneOf: { artistIds: [id] } } : passes,
  }));
  const answers = await askVectors(vectors, questions);
  const things = await readThings(
    db,
    viewerId,
    kind,
    answers.flatMap((hits) => hits ?? []),
  );
  return new Map(
    heard.map(({ id }, at) => {
      const hits = answers[at];
      return [id, hits ? rank(id, hits, things) : null];
    }),
  );
}

interface Voice {
  readonly thingId: string;
  readonly trackId: string;
}

/** The most played open tracks of each. */
function readVoices(
  db: Deps['db'],
  viewerId: string | null,
  kind: Kind,
  ids: readonly string[],
): Promise<Voice[]> {
  const of =
    kind === 'ARTIST'
      ? Prisma.sql`SELECT t.artist_id AS thing, t.id, t.plays FROM indexed_track t
          WHERE t.is_open AND t.artist_id = ANY (${[...ids]})`
      : Prisma.sql`SELECT a.album_id AS thing, t.id, t.plays FROM album_tracks a
          JOIN indexed_track t ON t.id = ANY (a.track_ids) AND t.is_open
          WHERE a.album_id = ANY (${[...ids]})`;
  return db.$queryRaw<Voice[]>`
    SELECT thing AS "thingId", ranked.id AS "trackId" FROM (
      SELECT thing, id, row_number() OVER (PARTITION BY thing ORDER BY plays DESC, id) AS place FROM (${of}) found
    ) ranked JOIN search_entry e ON e.id = thing AND ${isVisible(viewerId)}
    WHERE place <= ${VOICES}
    ORDER BY thing, place`;
}

/** The artists or albums that the viewer may see of the tracks that were hit. */
async function readThings(
  db: Deps['db'],
  viewerId: string | null,
  kind: Kind,
  hits: readonly VectorHit[],
): Promise<Map<string, string[]>> {
  const tracks = [...new Set(hits.map(trackOf))];
  const of =
    kind === 'ARTIST'
      ? Prisma.sql`SELECT t.artist_id AS thing, t.id FROM indexed_track t WHERE t.is_open AND t.id = ANY (${tracks})`
      : Prisma.sql`SELECT a.album_id AS thing, t.id FROM album_tracks a
          JOIN indexed_track t ON t.id = ANY (a.track_ids) AND t.is_open AND t.id = ANY (${tracks})
          WHERE a.track_ids && ${tracks}::text[]`;
  const rows = await db.$queryRaw<Voice[]>`
    SELECT thing AS "thingId", found.id AS "trackId"
    FROM (${of}) found JOIN search_entry e ON e.id = thing AND ${isVisible(viewerId)}
    ORDER BY thing`;
  const byTrack = Map.groupBy(rows, ({ trackId }) => trackId);
  return new Map([...byTrack].map(([id, several]) => [id, several.map(({ thingId }) => thingId)]));
}

/** Each by what its tracks come to; 1 is the first. */
function rank(
  id: string,
  hits: readonly VectorHit[],
  things: ReadonlyMap<string, readonly string[]>,
): Neighbour[] {
  const scores = new Map<string, number>();
  for (const hit of hits) {
    for (const thing of things.get(trackOf(hit)) ?? []) {
      if (thing !== id) scores.set(thing, (scores.get(thing) ?? 0) + hit.score);
    }
  }
  const most = Math.max(...scores.values());
  return [...scores]
    .map(([thing, score]) => ({ id: thing, score: score / most }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
