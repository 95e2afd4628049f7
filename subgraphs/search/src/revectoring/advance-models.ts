import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { segmentCollection, trackCollection } from '../vector-names.ts';
import { lockModels } from './choose-vector.ts';
import { storeNextVectors } from './store-next-vectors.ts';

/** How long the vectors of a model that serves no more are kept for who is still asking for them. */
const RETIRED_MS = 60_000;
/** The names by which the serving collections are known to whoever does not know the model. */
const SERVING_TRACKS = 'tracks';
const SERVING_SEGMENTS = 'segments';
const TRANSACTION = { timeout: 120_000, maxWait: 10_000 };

type Backends = Pick<Deps, 'db' | 'objects' | 'vectors'>;

export interface Readiness {
  readonly model: string;
  /** Tracks that have a vector of any model. */
  readonly total: number;
  /** Those that have one of this model, stored. */
  readonly ready: number;
}

/**
 * Takes a newer model into service once so large a share of the tracks have its vectors, and drops an older one that
 * nobody asks any more. Until then the older one serves; whoever stops is followed by the next start.
 */
export async function advanceModels(deps: Backends, share: number, now = Date.now()): Promise<void> {
  await storeNextVectors(deps);
  const building = await deps.db.vectorModel.findMany({
    where: { state: 'BUILDING' },
    orderBy: { at: 'desc' },
  });
  for (const { model } of building) {
    // oxlint-disable-next-line no-await-in-loop -- there is one, or two when another version came in between
    const { total, ready } = await readReadiness(deps, model);
    if (total === 0 || ready < Math.ceil(total * share)) continue;
    // oxlint-disable-next-line no-await-in-loop
    await serve(deps, model);
    break;
  }
  await dropRetired(deps, new Date(now - RETIRED_MS));
}

/** How far a model is from serving. */
export async function readReadiness({ db }: Pick<Deps, 'db'>, model: string): Promise<Readiness> {
  const [row] = await db.$queryRaw<{ total: bigint; ready: bigint }[]>`
    SELECT count(*) AS total,
      count(*) FILTER (WHERE t.embedding_model = ${model} OR n.stored_at IS NOT NULL) AS ready
    FROM indexed_track t LEFT JOIN next_vector n ON n.track_id = t.id AND n.model = ${model}
    WHERE t.embedding_model IS NOT NULL`;
  return { model, total: Number(row?.total ?? 0), ready: Number(row?.ready ?? 0) };
}

/** From here on its vectors are the tracks'. A track that has none of it is found by its words. */
async function serve({ db, vectors }: Backends, model: string): Promise<void> {
  await db.$transaction((tx) => replaceVectors(tx, model), TRANSACTION);
  logger.info({ model }, 'vectors of another model serve');
  await vectors
    .alias(SERVING_TRACKS, trackCollection(model))
    .then(() => vectors.alias(SERVING_SEGMENTS, segmentCollection(model)))
    .catch((err: unknown) => logger.info({ err }, 'an alias is left as it was'));
}

async function replaceVectors(tx: Transaction, model: string): Promise<void> {
  await lockModels(tx);
  await tx.$executeRaw`
    UPDATE indexed_track t SET embedding_model = n.model, embedding = n.embedding, segments_key = n.segments_key,
      vector_stored_at = n.stored_at, segments_stored_at = n.segments_stored_at
    FROM next_vector n WHERE n.track_id = t.id AND n.model = ${model}`;
  await tx.indexedTrack.updateMany({
    where: { embeddingModel: { not: model } },
    data: { embeddingModel: null, embedding: null, segmentsKey: null },
  });
  await tx.nextVector.deleteMany({});
  const at = new Date();
  await tx.vectorModel.updateMany({ where: { model: { not: model } }, data: { state: 'RETIRED', at } });
  await tx.vectorModel.update({ where: { model }, data: { state: 'SERVING', at } });
}

async function dropRetired({ db, vectors }: Backends, before: Date): Promise<void> {
  const retired = await db.vectorModel.findMany({ where: { state: 'RETIRED', at: { lt: before } } });
  for (const { model } of retired) {
    // oxlint-disable no-await-in-loop -- one, as above
    await vectors.drop(trackCollection(model));
    await vectors.drop(segmentCollection(model));
    await db.vectorModel.deleteMany({ where: { model, state: 'RETIRED' } });
    // oxlint-enable no-await-in-loop
  }
}
