import { buffer } from 'node:stream/consumers';

import { decodeLandmarks, type Landmarks, LandmarksError } from '@volna/events';
import { logger } from '@volna/platform/log';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';

import type { Deps } from '../context.ts';

type Needs = Pick<Deps, 'db' | 'objects' | 'landmarks'>;

const BATCH = 200;
const NONE: Landmarks = { hashes: new Uint32Array(0), frames: new Uint32Array(0) };

/** Puts the landmarks of a track into the index of this process. A store that is down keeps no track from the index. */
export async function storeLandmarks({ objects, landmarks }: Needs, key: string): Promise<void> {
  if (landmarks.has(key)) return;
  try {
    // an empty recording keeps one that is gone from being looked for again and again
    await landmarks.add(key, (await readLandmarks(objects, key)) ?? NONE);
  } catch (err) {
    logger.warn({ err, key }, 'landmarks of a track are not stored: they wait');
  }
}

/**
 * Brings the index to what Postgres has: it may begin empty or old, and other processes hear of tracks that this one
 * does not.
 */
export async function reconcileLandmarks(deps: Needs): Promise<void> {
  const { db, landmarks } = deps;
  const where = { fingerprintKey: { not: null } };
  const { _count, _max } = await db.indexedTrack.aggregate({
    where,
    _count: true,
    _max: { describedAt: true },
  });
  const stamp = `${_count} until ${_max.describedAt?.toISOString()}`;
  if (_count === landmarks.size && landmarks.stamp === stamp) return;
  const wanted = new Set<string>();
  for (let after = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps memory flat
    const rows = await db.indexedTrack.findMany({
      where: { ...where, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: BATCH,
      select: { id: true, fingerprintKey: true },
    });
    for (const { fingerprintKey } of rows) {
      if (!fingerprintKey) continue;
      wanted.add(fingerprintKey);
      // oxlint-disable-next-line no-await-in-loop
      await storeLandmarks(deps, fingerprintKey);
    }
    if (rows.length < BATCH) break;
    after = rows.at(-1)?.id ?? '';
  }
  for (const key of landmarks.keys()) if (!wanted.has(key)) landmarks.remove(key);
  landmarks.stamp = stamp;
}

/** Null where the object is gone or is no such file. */
export async function readLandmarks(objects: Objects, key: string): Promise<Landmarks | null> {
  try {
    const { body } = await objects.read(key);
    return decodeLandmarks(await buffer(body));
  } catch (err) {
    if (err instanceof ObjectNotFoundError || err instanceof LandmarksError) return null;
    throw err;
  }
}
