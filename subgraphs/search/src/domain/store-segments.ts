import { buffer } from 'node:stream/consumers';

import { decodeSegments } from '@volna/events';
import { logger } from '@volna/platform/log';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';

import type { Deps } from '../context.ts';
import type { IndexedTrack } from '../generated/prisma/client.ts';
import { segmentCollection, segmentPoint } from '../vector-names.ts';
import { ignoreMissing } from './ignore-missing.ts';

/** Segments of one track in the store, at most: of a longer track they are further apart. */
const MOST_SEGMENTS = 600;
const TRACKS_AT_A_TIME = 50;
const POINTS_AT_A_TIME = 200;
const NUMBER_BYTES = 4;

/** Puts the segment vectors that clips are recognised by into the store: of all tracks that lack them, or of some. */
export async function storeSegments(deps: Deps, trackIds?: readonly string[]): Promise<void> {
  const rows = await deps.db.indexedTrack.findMany({
    where: {
      ...(trackIds && { id: { in: [...trackIds] } }),
      segmentsKey: { not: null },
      segmentsStoredAt: null,
    },
    orderBy: { id: 'asc' },
    take: TRACKS_AT_A_TIME,
  });
  for (const row of rows) {
    // oxlint-disable-next-line no-await-in-loop -- one track's segments in memory at a time
    await storeTrack(deps, row).catch((err: unknown) =>
      logger.warn({ err, trackId: row.id }, 'segments of a track are not stored: they wait'),
    );
  }
}

async function storeTrack(deps: Deps, row: IndexedTrack): Promise<void> {
  const { id, embeddingModel: model, embedding, segmentsKey, describedAt } = row;
  if (!model || !embedding || !segmentsKey) return;
  await putSegments(deps, { id, model, embedding, segmentsKey });
  await deps.db.indexedTrack.updateMany({
    where: { id, describedAt, segmentsKey },
    data: { segmentsStoredAt: new Date() },
  });
}

interface Segmented {
  readonly id: string;
  readonly model: string;
  readonly embedding: Uint8Array;
  readonly segmentsKey: string;
}

/** Puts the segments of a track into the collection of a model, in place of those that are there. */
export async function putSegments(
  { objects, vectors }: Pick<Deps, 'objects' | 'vectors'>,
  { id, model, embedding, segmentsKey }: Segmented,
): Promise<void> {
  const segments = await readSegments(objects, segmentsKey, embedding.byteLength / NUMBER_BYTES);
  const step = Math.max(1, Math.ceil(segments.length / MOST_SEGMENTS));
  const points = segments.flatMap((vector, seconds) =>
    seconds % step === 0 && !isSilent(vector)
      ? [{ id: segmentPoint(id, seconds), vector: [...vector], payload: { trackId: id, seconds } }]
      : [],
  );
  const collection = segmentCollection(model);
  const dimension = segments[0]?.length;
  if (dimension !== undefined) await vectors.ensureCollection(collection, dimension, { trackId: 'keyword' });
  await vectors.deleteWhere(collection, 'trackId', id).catch(ignoreMissing);
  for (let from = 0; from < points.length; from += POINTS_AT_A_TIME) {
    // oxlint-disable-next-line no-await-in-loop -- the store takes so many in one request
    await vectors.upsert(collection, points.slice(from, from + POINTS_AT_A_TIME));
  }
}

/** A silent place has no vector: its row holds zeros. */
export function isSilent(segment: Float32Array): boolean {
  return segment.every((value) => value === 0);
}

/**
 * Unit vectors one second apart, or zeros where there is silence; none where the object is gone. One that does not say
 * how long they are has them as long as the track's.
 */
export async function readSegments(
  objects: Objects,
  key: string,
  trackDimension: number,
): Promise<Float32Array[]> {
  try {
    const { body } = await objects.read(key);
    const { dimension, values } = decodeSegments(await buffer(body), trackDimension);
    const rows = values.length / dimension;
    return Array.from({ length: rows }, (_, row) => values.subarray(row * dimension, (row + 1) * dimension));
  } catch (err) {
    if (err instanceof ObjectNotFoundError) return [];
    throw err;
  }
}
