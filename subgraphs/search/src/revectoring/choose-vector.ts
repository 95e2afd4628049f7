import type { Transaction } from '../database.ts';
import { lockIds } from '../domain/lock-ids.ts';

const LOCK = 'vector-models';

/** A track's vector, as a row holds it. */
export interface StoredVector {
  readonly embeddingModel: string | null;
  readonly embedding: Uint8Array<ArrayBuffer> | null;
  readonly segmentsKey: string | null;
}

/**
 * Which vector of a track counts now: what it is given, unless that is of another model than the serving one and the track
 * has one of the serving model. Then the given one waits until its model serves.
 */
export async function chooseVector(
  tx: Transaction,
  trackId: string,
  given: StoredVector,
  describedAt: Date,
): Promise<StoredVector> {
  const { embeddingModel: model, embedding, segmentsKey } = given;
  const plain = { embeddingModel: model, embedding, segmentsKey };
  const servingModel = model === null ? null : await holdServing(tx, model);
  if (model === null || embedding === null || model === servingModel) {
    await tx.nextVector.deleteMany({ where: { trackId } });
    return plain;
  }
  await tx.vectorModel.upsert({
    where: { model },
    create: { model, state: 'BUILDING' },
    // an older one that comes back is built like a new one
    update: { state: 'BUILDING' },
  });
  const serving = await tx.indexedTrack.findFirst({
    where: { id: trackId, embeddingModel: servingModel },
    select: { embeddingModel: true, embedding: true, segmentsKey: true },
  });
  if (!serving) {
    await tx.nextVector.deleteMany({ where: { trackId } });
    return plain;
  }
  const next = { model, embedding, segmentsKey, describedAt, storedAt: null, segmentsStoredAt: null };
  await tx.nextVector.upsert({ where: { trackId }, create: { trackId, ...next }, update: next });
  return { ...serving, embedding: serving.embedding && Uint8Array.from(serving.embedding) };
}

/** The model whose vectors are searched. */
async function readServing(tx: Transaction): Promise<string | null> {
  const row = await tx.vectorModel.findFirst({ where: { state: 'SERVING' } });
  return row?.model ?? null;
}

/** The model that serves and, until the transaction ends, goes on to; the first that there is does. */
async function holdServing(tx: Transaction, model: string): Promise<string> {
  const known = await readServing(tx);
  if (known !== null) {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtext(${LOCK}))`;
    return (await readServing(tx)) ?? known;
  }
  await lockModels(tx);
  const meanwhile = await readServing(tx);
  if (meanwhile !== null) return meanwhile;
  const serving = { state: 'SERVING', at: new Date() };
  await tx.vectorModel.upsert({ where: { model }, create: { model, ...serving }, update: serving });
  return model;
}

/** Until the transaction ends, no other one counts on which model serves, or changes it. */
export async function lockModels(tx: Transaction): Promise<void> {
  await lockIds(tx, [LOCK]);
}
