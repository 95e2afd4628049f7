import type { DataOf, trackOpennessChanged } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dropFromWaves } from './drop-from-waves.ts';
import { lockIds } from './lock-ids.ts';
import { seekTwins } from './seek-twins.ts';
import { storeVectors } from './store-vectors.ts';

type Openness = DataOf<typeof trackOpennessChanged>;

/**
 * Lets listeners find a track or hides it, whether it is indexed yet or not; an older statement changes nothing. What is
 * closed leaves the queues of waves, and one that was merged is found as its target.
 */
export async function noteOpenness(deps: Deps, event: Openness): Promise<void> {
  await deps.db.$transaction((tx) => keep(tx, event));
  // the vector store lets through what is open
  await storeVectors(deps, [event.trackId]);
  // whoever indexes it just now may have found its vector on the way
  await seekTwins(deps, [event.trackId]);
  const now = await deps.db.trackOpenness.findUnique({ where: { id: event.trackId } });
  if (now && !now.isOpen) await dropFromWaves(deps, event.trackId);
}

async function keep(
  tx: Transaction,
  { trackId: id, ownerId, isOpen, mergedIntoId, seq }: Openness,
): Promise<void> {
  await lockIds(tx, [id]);
  if (await tx.deletedTrack.findUnique({ where: { id } })) return;
  const known = await tx.trackOpenness.findUnique({ where: { id } });
  if (known && known.seq >= seq) return;
  const facts = { isOpen, mergedIntoId };
  await tx.trackOpenness.upsert({ where: { id }, create: { id, ...facts, seq }, update: { ...facts, seq } });
  await tx.indexedTrack.updateMany({ where: { id }, data: { ownerId, ...facts } });
  await tx.indexedTrack.updateMany({
    where: { id, embeddingModel: { not: null }, vectorStoredAt: { not: null } },
    data: { vectorStoredAt: null },
  });
  await tx.nextVector.updateMany({ where: { trackId: id }, data: { storedAt: null } });
  const found = { ownerId, isPublic: isOpen, isStatedPublic: isOpen, isMerged: mergedIntoId !== null };
  await tx.searchEntry.updateMany({ where: { id }, data: found });
}
