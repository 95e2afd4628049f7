import { buffer } from 'node:stream/consumers';

import { ChromaError, decodeChroma } from '@volna/events';
import { logger } from '@volna/platform/log';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';

import type { Deps } from '../context.ts';
import { segmentPoint, WORK_COLLECTION } from '../vector-names.ts';
import { WINDOW_DIMENSION, WINDOW_HOP, windowsOf } from './windows.ts';

/** Windows of one track in the store, at most: of a track longer than 20 minutes they are further apart. */
const MOST_WINDOWS = 600;
const TRACKS_AT_A_TIME = 50;
const POINTS_AT_A_TIME = 200;

/** Puts the windows that music is recognised by when others play it into the store: of all tracks that lack them, or of some. */
export async function storeWorks(deps: Deps, trackIds?: readonly string[]): Promise<void> {
  const rows = await deps.db.indexedTrack.findMany({
    where: {
      ...(trackIds && { id: { in: [...trackIds] } }),
      chromaKey: { not: null },
      worksStoredAt: null,
    },
    orderBy: { id: 'asc' },
    take: TRACKS_AT_A_TIME,
    select: { id: true, chromaKey: true, describedAt: true },
  });
  for (const { id, chromaKey, describedAt } of rows) {
    if (!chromaKey) continue;
    // oxlint-disable-next-line no-await-in-loop -- one track's windows in memory at a time
    await putWindows(deps, id, chromaKey)
      .then(() =>
        deps.db.indexedTrack.updateMany({ where: { id, describedAt }, data: { worksStoredAt: new Date() } }),
      )
      .catch((err: unknown) =>
        logger.warn({ err, trackId: id }, 'the music of a track is not stored: it waits'),
      );
  }
}

async function putWindows({ objects, vectors }: Deps, id: string, chromaKey: string): Promise<void> {
  const chroma = (await readChroma(objects, chromaKey)) ?? new Uint8Array();
  const windows = windowsOf(chroma);
  const step = Math.max(1, Math.ceil(windows.length / MOST_WINDOWS));
  const points = windows
    .filter((_window, index) => index % step === 0)
    .map(({ moment, vector }) => ({
      id: segmentPoint(id, moment / WINDOW_HOP),
      vector,
      payload: { trackId: id },
    }));
  await vectors.ensureCollection(WORK_COLLECTION, WINDOW_DIMENSION, { trackId: 'keyword' });
  await vectors.deleteWhere(WORK_COLLECTION, 'trackId', id);
  for (let from = 0; from < points.length; from += POINTS_AT_A_TIME) {
    // oxlint-disable-next-line no-await-in-loop -- the store takes so many in one request
    await vectors.upsert(WORK_COLLECTION, points.slice(from, from + POINTS_AT_A_TIME));
  }
}

/** Null where the object is gone or is no such file. */
export async function readChroma(objects: Objects, key: string): Promise<Uint8Array | null> {
  try {
    const { body } = await objects.read(key);
    return decodeChroma(await buffer(body));
  } catch (err) {
    if (err instanceof ObjectNotFoundError || err instanceof ChromaError) return null;
    throw err;
  }
}
