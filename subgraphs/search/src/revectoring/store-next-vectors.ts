import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import { putSegments } from '../domain/store-segments.ts';
import type { IndexedTrack, NextVector } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { TRACK_FIELDS, trackPayload } from '../sonic/track-payload.ts';
import { trackCollection, trackPoint } from '../vector-names.ts';

const AT_A_TIME = 50;

type Backends = Pick<Deps, 'db' | 'objects' | 'vectors'>;

/** Puts vectors that wait for their model to serve where they will be searched. What the store does not take waits on. */
export async function storeNextVectors(deps: Backends): Promise<void> {
  for (let after = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps memory flat
    const rows = await deps.db.nextVector.findMany({
      where: {
        trackId: { gt: after },
        OR: [{ storedAt: null }, { segmentsStoredAt: null, segmentsKey: { not: null } }],
      },
      orderBy: { trackId: 'asc' },
      take: AT_A_TIME,
    });
    const last = rows.at(-1);
    if (!last) return;
    // oxlint-disable-next-line no-await-in-loop
    await storeBatch(deps, rows);
    after = last.trackId;
  }
}

async function storeBatch(deps: Backends, rows: readonly NextVector[]): Promise<void> {
  const tracks = await deps.db.indexedTrack.findMany({
    where: { id: { in: rows.map(({ trackId }) => trackId) } },
  });
  const byId = new Map(tracks.map((track) => [track.id, track]));
  for (const row of rows) {
    const track = byId.get(row.trackId);
    if (!track) continue;
    // oxlint-disable-next-line no-await-in-loop -- one track's segments in memory at a time
    await storeOne(deps, row, track).catch((err: unknown) =>
      logger.warn({ err, trackId: row.trackId }, 'a vector of the next model is not stored: it waits'),
    );
  }
}

async function storeOne(deps: Backends, next: NextVector, track: IndexedTrack): Promise<void> {
  const { trackId, model, describedAt, segmentsKey } = next;
  if (next.storedAt === null) {
    const vector = [...decodeVector(next.embedding)];
    const collection = trackCollection(model);
    await deps.vectors.ensureCollection(collection, vector.length, TRACK_FIELDS);
    await deps.vectors.upsert(collection, [
      { id: trackPoint(trackId), vector, payload: trackPayload(track) },
    ]);
  }
  if (next.segmentsStoredAt === null && segmentsKey !== null) {
    await putSegments(deps, { id: trackId, model, embedding: next.embedding, segmentsKey });
  }
  // opened, closed or described anew meanwhile: once more
  const same = { describedAt: track.describedAt, isOpen: track.isOpen };
  if ((await deps.db.indexedTrack.count({ where: { id: trackId, ...same } })) === 0) return;
  const at = new Date();
  await deps.db.nextVector.updateMany({
    where: { trackId, model, describedAt },
    data: { storedAt: at, segmentsStoredAt: segmentsKey === null ? null : at },
  });
}
