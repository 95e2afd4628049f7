import type { DataOf, trackDeleted } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { segmentCollection, trackCollection, trackPoint, WORK_COLLECTION } from '../vector-names.ts';
import { dropFromWaves } from './drop-from-waves.ts';
import { ignoreMissing } from './ignore-missing.ts';
import { lockIds } from './lock-ids.ts';

/** Drops all that is known of a track; runs as often as it is told to. */
export async function forgetTrack(deps: Deps, { trackId }: DataOf<typeof trackDeleted>): Promise<void> {
  const model = await deps.db.$transaction((tx) => dropRows(tx, trackId));
  await dropFromWaves(deps, trackId);
  const building = await deps.db.vectorModel.findMany({ where: { state: { not: 'RETIRED' } } });
  const models = new Set([...(model ? [model] : []), ...building.map((row) => row.model)]);
  for (const each of models) {
    // oxlint-disable-next-line no-await-in-loop -- one, or two while one replaces the other
    await dropVectors(deps, each, trackId);
  }
  await deps.vectors.deleteWhere(WORK_COLLECTION, 'trackId', trackId).catch(ignoreMissing);
}

/** Takes a track out of the collections of a model. */
export async function dropVectors(
  { vectors }: Pick<Deps, 'vectors'>,
  model: string,
  trackId: string,
): Promise<void> {
  await vectors.delete(trackCollection(model), [trackPoint(trackId)]).catch(ignoreMissing);
  await vectors.deleteWhere(segmentCollection(model), 'trackId', trackId).catch(ignoreMissing);
}

/** Gives the model whose collections hold the track's vectors. */
async function dropRows(tx: Transaction, trackId: string): Promise<string | null> {
  await lockIds(tx, [trackId]);
  const row = await tx.indexedTrack.findUnique({ where: { id: trackId }, select: { embeddingModel: true } });
  const { embeddingModel } = await tx.deletedTrack.upsert({
    where: { id: trackId },
    create: { id: trackId, embeddingModel: row?.embeddingModel ?? null },
    update: {},
  });
  await tx.indexedTrack.deleteMany({ where: { id: trackId } });
  await tx.nextVector.deleteMany({ where: { trackId } });
  await tx.searchEntry.deleteMany({ where: { id: trackId } });
  await tx.trackOpenness.deleteMany({ where: { id: trackId } });
  await tx.twin.deleteMany({ where: { OR: [{ trackId }, { otherId: trackId }] } });
  await tx.reaction.deleteMany({ where: { trackId } });
  await tx.listen.deleteMany({ where: { trackId } });
  await tx.tasteAnchor.deleteMany({ where: { trackId } });
  await tx.tasteSignal.deleteMany({ where: { trackId } });
  await tx.tasteChoice.deleteMany({ where: { trackId } });
  await tx.trackDay.deleteMany({ where: { trackId } });
  await tx.collaborativeNeighbour.deleteMany({ where: { OR: [{ trackId }, { otherId: trackId }] } });
  await tx.collaborativeTrack.deleteMany({ where: { trackId } });
  await tx.$executeRaw`
    UPDATE album_tracks SET track_ids = array_remove(track_ids, ${trackId}) WHERE track_ids @> ARRAY[${trackId}]`;
  return embeddingModel;
}
