import type { VectorHit } from '@volna/platform/vectors';

import type { Database } from '../database.ts';
import { LONG_ENOUGH } from '../domain/may-be-offered.ts';
import { trackOf } from './ask-vectors.ts';

export interface KnownTrack {
  readonly id: string;
  readonly artistId: string;
  readonly recordingKey: string;
}

/** Of hits those that are open and may be offered this moment, whatever the store still says; in one statement. */
export async function readKnown(db: Database, hits: readonly VectorHit[]): Promise<Map<string, KnownTrack>> {
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: [...new Set(hits.map(trackOf))] }, isOpen: true, ...LONG_ENOUGH },
    select: { id: true, artistId: true, recordingKey: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}
