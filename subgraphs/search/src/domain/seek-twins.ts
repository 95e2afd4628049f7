import { TrackId, twinFound } from '@volna/events';
import { logger } from '@volna/platform/log';
import { outboxRow } from '@volna/platform/outbox';
import type { VectorHit } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import type { IndexedTrack } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { trackCollection } from '../vector-names.ts';

/**
 * Cosine of two vectors from which on two tracks may be one recording: of `music-embedding` 0.3.0. Of 108 copies of 36
 * tracks of which no model was told (MP3 at 64 kbit/s, cut and quieter, Opus at 32, Opus at 24 and cut), all but one had
 * 0.97 and more with the original; of the 131,000 pairs of tracks of different games the nearest had 0.78, and two pairs
 * of one game each 0.9 and more. Of the demo library: copies 0.97 and more, different tracks at most 0.81.
 */
export const TWIN_SIMILARITY = 0.9;
/** Two copies of one recording differ in length by no more. */
const NEAR_MS = 3_000;
const NEIGHBOURS = 20;
/** Of a crowd that sounds alike the nearest are told of. */
const MOST = 5;
const AT_A_TIME = 100;

/**
 * States which tracks sound the same as those whose vectors are new in the store, of whoever's, once for each pair. All
 * that wait for it, or some of them. It only proposes: a person decides.
 */
export async function seekTwins(deps: Deps, trackIds?: readonly string[]): Promise<void> {
  const rows = await deps.db.indexedTrack.findMany({
    where: {
      ...(trackIds && { id: { in: [...trackIds] } }),
      embeddingModel: { not: null },
      vectorStoredAt: { not: null },
      twinsSoughtAt: null,
    },
    orderBy: { id: 'asc' },
    take: AT_A_TIME,
  });
  for (const row of rows) {
    // oxlint-disable-next-line no-await-in-loop -- gentle on a store that others wait for
    await seekTwinsOf(deps, row).catch((err: unknown) =>
      logger.warn({ err, trackId: row.id }, 'twins of a track are not sought: it waits'),
    );
  }
}

async function seekTwinsOf(deps: Deps, row: IndexedTrack): Promise<void> {
  const { id, embeddingModel, embedding, describedAt } = row;
  const vector = [...decodeVector(embedding ?? new Uint8Array())];
  const hits = await deps.vectors.query(trackCollection(embeddingModel ?? ''), vector, NEIGHBOURS);
  const near = hits.filter((hit) => hit.score >= TWIN_SIMILARITY && trackOf(hit) !== id);
  const twins = (await sameLength(deps, row, near)).slice(0, MOST);
  const similarity = new Map(twins.map((hit) => [trackOf(hit), Math.min(1, hit.score)]));
  await deps.db.$transaction(async (tx) => {
    // a pair that has been said before is left out
    const fresh = await tx.twin.createManyAndReturn({
      data: [...similarity.keys()].map((otherId) => toPair(id, otherId)),
      skipDuplicates: true,
    });
    const stated = fresh.map((pair) => (pair.trackId === id ? pair.otherId : pair.trackId));
    await tx.outbox.createMany({
      data: stated.map((otherId) =>
        outboxRow(twinFound, {
          trackId: TrackId.parse(id),
          otherId: TrackId.parse(otherId),
          similarity: similarity.get(otherId) ?? 0,
        }),
      ),
    });
    await tx.indexedTrack.updateMany({ where: { id, describedAt }, data: { twinsSoughtAt: new Date() } });
  });
  if (twins.length > 0) deps.wakeRelay();
}

/** Of hits those that are about as long, and not the same thing already. */
async function sameLength(
  { db }: Deps,
  { durationMs, mergedIntoId, id }: IndexedTrack,
  hits: readonly VectorHit[],
): Promise<VectorHit[]> {
  if (durationMs === null || hits.length === 0) return [];
  const others = await db.indexedTrack.findMany({
    where: {
      id: { in: hits.map(trackOf) },
      durationMs: { gte: durationMs - NEAR_MS, lte: durationMs + NEAR_MS },
    },
    select: { id: true, mergedIntoId: true },
  });
  const twins = new Set(
    others.filter((other) => other.mergedIntoId !== id && other.id !== mergedIntoId).map((other) => other.id),
  );
  return hits.filter((hit) => twins.has(trackOf(hit)));
}

function toPair(id: string, otherId: string): { trackId: string; otherId: string } {
  return id < otherId ? { trackId: id, otherId } : { trackId: otherId, otherId: id };
}

const trackOf = ({ payload }: VectorHit): string => String(payload.trackId);
