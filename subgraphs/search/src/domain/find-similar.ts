import { logger } from '@volna/platform/log';
import type { VectorHit } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import { decodeVector } from '../ranking/vector.ts';
import { trackCollection } from '../vector-names.ts';

/** Other uploads of the same recording are dropped from the answer: this many are asked for beyond it. */
const SPARE = 12;
const QUERIES_AT_A_TIME = 4;

export interface Neighbour {
  readonly id: string;
  /** Cosine, 0–1. */
  readonly score: number;
}

interface Known {
  readonly id: string;
  readonly recordingKey: string;
}

/**
 * The nearest open tracks of each of several that the viewer may hear, in two statements however many there are. Empty for a track that
 * has no vector; null where the vector store does not answer.
 */
export async function findSimilar(
  { db, vectors }: Pick<Deps, 'db' | 'vectors'>,
  viewerId: string | null,
  trackIds: readonly string[],
  first: number,
): Promise<Map<string, Neighbour[] | null>> {
  const tracks = await db.indexedTrack.findMany({
    where: {
      id: { in: [...trackIds] },
      embeddingModel: { not: null },
      OR: [{ isOpen: true }, ...(viewerId === null ? [] : [{ ownerId: viewerId }])],
    },
    select: { id: true, recordingKey: true, embeddingModel: true, embedding: true },
  });
  const hits = new Map<string, VectorHit[] | null>();
  const waiting = [...tracks];
  const work = async () => {
    for (let track = waiting.pop(); track; track = waiting.pop()) {
      const vector = [...decodeVector(track.embedding ?? new Uint8Array())];
      // oxlint-disable-next-line no-await-in-loop -- so many at a time
      const found = await vectors
        .query(trackCollection(track.embeddingModel ?? ''), vector, first + SPARE)
        .catch((err: unknown) => {
          logger.warn({ err }, 'vector store does not answer');
          return null;
        });
      hits.set(track.id, found);
    }
  };
  await Promise.all(Array.from({ length: QUERIES_AT_A_TIME }, work));

  const known = await readKnown(
    db,
    [...hits.values()].flatMap((found) => found ?? []),
  );
  return new Map(
    tracks.map((track) => {
      const found = hits.get(track.id);
      return [track.id, found ? pickNeighbours(track, found, known).slice(0, first) : null];
    }),
  );
}

async function readKnown(db: Deps['db'], hits: readonly VectorHit[]): Promise<Map<string, Known>> {
  const ids = [...new Set(hits.map(trackOf))];
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: ids }, isOpen: true },
    select: { id: true, recordingKey: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Best first, without the track itself, without tracks that are gone or closed, and each recording once. */
function pickNeighbours(
  track: Known,
  hits: readonly VectorHit[],
  known: ReadonlyMap<string, Known>,
): Neighbour[] {
  const seen = new Set([track.recordingKey]);
  return hits.flatMap((hit) => {
    const neighbour = known.get(trackOf(hit));
    if (!neighbour || seen.has(neighbour.recordingKey)) return [];
    seen.add(neighbour.recordingKey);
    return [{ id: neighbour.id, score: Math.min(1, Math.max(0, hit.score)) }];
  });
}

const trackOf = ({ payload }: VectorHit): string => String(payload.trackId);
