import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';

interface Last {
  readonly positionMs: number;
  readonly ended: boolean;
}

/** The viewer's last listening of each track, or null. */
export function createLastListening(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, Last | null>(async (trackIds) => {
    if (!viewer) return trackIds.map(() => null);
    const rows = await db.listening.findMany({
      where: { userId: viewer.userId, trackId: { in: [...trackIds] } },
      distinct: ['trackId'],
      orderBy: [{ trackId: 'asc' }, { lastAt: 'desc' }],
      select: { trackId: true, playedMs: true, positionMs: true, ended: true },
    });
    const byTrack = new Map(
      rows.map(({ trackId, positionMs, playedMs, ended }) => [
        trackId,
        { positionMs: positionMs ?? playedMs, ended },
      ]),
    );
    return trackIds.map((id) => byTrack.get(id) ?? null);
  });
}

export type LastListening = ReturnType<typeof createLastListening>;
