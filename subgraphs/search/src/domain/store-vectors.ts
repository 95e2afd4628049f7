import { TrackId, trackIndexed } from '@volna/events';
import { logger } from '@volna/platform/log';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { IndexedTrack } from '../generated/prisma/client.ts';
import { groupBy } from '../group-by.ts';
import { decodeVector } from '../ranking/vector.ts';
import { TRACK_FIELDS, trackPayload } from '../sonic/track-payload.ts';
import { trackCollection, trackPoint } from '../vector-names.ts';

const BATCH = 200;

/**
 * Puts the vectors that the store lacks into it: all, or those of some tracks. A store that is down keeps
 * nobody from finding a track by its words; the vectors wait in Postgres for the next run.
 */
export async function storeVectors(deps: Deps, trackIds?: readonly string[]): Promise<void> {
  for (let after = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps memory flat
    const rows = await readPending(deps, after, trackIds);
    if (rows.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await storeBatch(deps, rows);
    after = rows.at(-1)?.id ?? '';
  }
}

function readPending({ db }: Deps, after: string, trackIds?: readonly string[]): Promise<IndexedTrack[]> {
  return db.indexedTrack.findMany({
    where: {
      id: { gt: after, ...(trackIds && { in: [...trackIds] }) },
      embeddingModel: { not: null },
      vectorStoredAt: null,
    },
    orderBy: { id: 'asc' },
    take: BATCH,
  });
}

async function storeBatch(deps: Deps, rows: readonly IndexedTrack[]): Promise<void> {
  try {
    for (const [model, of] of groupBy(rows, (row) => row.embeddingModel ?? '')) {
      // oxlint-disable-next-line no-await-in-loop -- there is one model, or two while one replaces the other
      await upsert(deps, trackCollection(model), of);
    }
  } catch (err) {
    logger.warn({ err, tracks: rows.length }, 'vector store takes no vectors: they wait');
    await deps.db.$transaction((tx) => announce(tx, rows, false));
    deps.wakeRelay();
    return;
  }
  await deps.db.$transaction((tx) => announce(tx, rows, true));
  deps.wakeRelay();
}

async function upsert({ vectors }: Deps, collection: string, rows: readonly IndexedTrack[]): Promise<void> {
  const points = rows.map((row) => ({
    id: trackPoint(row.id),
    vector: [...decodeVector(row.embedding ?? new Uint8Array())],
    payload: trackPayload(row),
  }));
  await vectors.ensureCollection(collection, points[0]?.vector.length ?? 0, TRACK_FIELDS);
  await vectors.upsert(collection, points);
}

/** Says what is not said yet. A track that was described anew, opened, closed or deleted meanwhile has its own turn. */
async function announce(tx: Transaction, rows: readonly IndexedTrack[], vector: boolean): Promise<void> {
  const same = await tx.$queryRaw<{ id: string; announced: string }[]>`
    SELECT t.id, t.announced FROM indexed_track t
    JOIN unnest(${rows.map(({ id }) => id)}::text[], ${rows.map((row) => row.describedAt)}::timestamptz[],
        ${rows.map(({ isOpen }) => isOpen)}::boolean[])
      AS seen(id, described_at, is_open)
      ON seen.id = t.id AND seen.described_at = t.described_at AND seen.is_open = t.is_open
    ORDER BY t.id
    FOR UPDATE OF t`;
  // what was put there may be older than what somebody else has put there meanwhile: once more
  const others = rows.map(({ id }) => id).filter((id) => !same.some((row) => row.id === id));
  if (vector) {
    await tx.indexedTrack.updateMany({ where: { id: { in: others } }, data: { vectorStoredAt: null } });
  }
  const unsaid = same.filter(
    ({ announced }) => announced === 'NOTHING' || (vector && announced !== 'VECTOR'),
  );
  const ids = (vector ? same : unsaid).map(({ id }) => id);
  const data = vector ? { announced: 'VECTOR', vectorStoredAt: new Date() } : { announced: 'WORDS' };
  await tx.indexedTrack.updateMany({ where: { id: { in: ids } }, data });
  await tx.outbox.createMany({
    data: unsaid.map(({ id }) => outboxRow(trackIndexed, { trackId: TrackId.parse(id), vector })),
  });
}
