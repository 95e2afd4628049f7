import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import { segmentCollection, trackCollection, WORK_COLLECTION } from '../vector-names.ts';

/**
 * Compares the vector store with Postgres, which is the truth, and marks as missing what the store has lost:
 * the embedded one forgets everything at its end, a real one may have been replaced.
 */
export async function reconcileVectors(deps: Deps): Promise<void> {
  const { db, vectors } = deps;
  const models = await db.indexedTrack.groupBy({
    by: ['embeddingModel'],
    where: { embeddingModel: { not: null } },
    _count: { vectorStoredAt: true, segmentsStoredAt: true },
  });
  for (const { embeddingModel, _count } of models) {
    const where = { embeddingModel };
    // oxlint-disable-next-line no-await-in-loop -- there is one model, or two while one replaces the other
    if ((await count(deps, trackCollection(embeddingModel ?? ''))) < _count.vectorStoredAt) {
      // oxlint-disable-next-line no-await-in-loop
      await db.indexedTrack.updateMany({ where, data: { vectorStoredAt: null } });
    }
    // oxlint-disable-next-line no-await-in-loop
    if (_count.segmentsStoredAt > 0 && (await count(deps, segmentCollection(embeddingModel ?? ''))) === 0) {
      // oxlint-disable-next-line no-await-in-loop
      await db.indexedTrack.updateMany({ where, data: { segmentsStoredAt: null } });
    }
  }
  await reconcileWorks(deps);
  await reconcileNext(deps);
  logger.debug({ store: vectors.kind, models: models.length }, 'vectors reconciled');
}

async function reconcileWorks(deps: Deps): Promise<void> {
  const stored = { worksStoredAt: { not: null } };
  if ((await deps.db.indexedTrack.count({ where: stored, take: 1 })) === 0) return;
  if ((await count(deps, WORK_COLLECTION)) > 0) return;
  await deps.db.indexedTrack.updateMany({ where: stored, data: { worksStoredAt: null } });
}

/** The same of vectors whose model does not serve yet. */
async function reconcileNext(deps: Deps): Promise<void> {
  const waiting = await deps.db.nextVector.groupBy({ by: ['model'], _count: { storedAt: true } });
  for (const { model, _count } of waiting) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    if ((await count(deps, trackCollection(model))) < _count.storedAt) {
      // oxlint-disable-next-line no-await-in-loop
      await deps.db.nextVector.updateMany({
        where: { model },
        data: { storedAt: null, segmentsStoredAt: null },
      });
    }
  }
}

/** A collection that is not there has nothing. */
async function count({ vectors }: Deps, collection: string): Promise<number> {
  return vectors.count(collection).catch(() => 0);
}
