import { typeOfId } from '@volna/events';

import type { Database, Transaction } from '../database.ts';

/** Tracks that stand for an artist or an album, at most. */
const MOST = 16;

export interface Seed {
  readonly id: string;
  /** Title or name. */
  readonly title: string;
  /** The tracks that it is measured by; for an artist or an album the most played first. */
  readonly trackIds: readonly string[];
}

/** What a radio or a wave begins from, or null for an id of nothing that the viewer may find here. */
export async function readSeed(
  db: Database | Transaction,
  id: string,
  viewerId: string | null,
): Promise<Seed | null> {
  const type = typeOfId(id);
  if (type !== 'Track' && type !== 'Artist' && type !== 'Album') return null;
  const target = type === 'Track' ? await db.trackOpenness.findUnique({ where: { id } }) : null;
  if (target?.mergedIntoId) return readSeed(db, target.mergedIntoId, viewerId);
  const entry = await db.searchEntry.findUnique({
    where: { id },
    select: { title: true, isPublic: true, ownerId: true },
  });
  if (!entry || !(entry.isPublic || entry.ownerId === viewerId)) return null;
  if (type === 'Track') return { id, title: entry.title, trackIds: [id] };
  const album = type === 'Album' ? await db.albumTracks.findUnique({ where: { albumId: id } }) : null;
  const tracks = await db.indexedTrack.findMany({
    where: {
      ...(type === 'Artist' ? { artistId: id } : { id: { in: album?.trackIds ?? [] } }),
      isOpen: true,
    },
    orderBy: [{ plays: 'desc' }, { id: 'asc' }],
    select: { id: true },
    take: MOST,
  });
  return { id, title: entry.title, trackIds: tracks.map((track) => track.id) };
}
