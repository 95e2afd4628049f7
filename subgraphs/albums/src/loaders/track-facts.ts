import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Reaction } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import { albumSeenBy, seenBy } from '../visibility.ts';

export interface TrackFacts {
  /** The album that the track was first put on; null where the viewer may not see the one or the other. */
  readonly album: Album | null;
  /** What the viewer feels: NONE where nothing is said, null for a stranger. */
  readonly reaction: Reaction | null;
}

type Row = Album & { readonly trackId: string; readonly reaction: Reaction | null };

/** What albums knows of a track, in one statement. */
export function createTrackFacts(db: Database, viewer: Viewer | null) {
  return new DataLoader<string, TrackFacts>(async (trackIds) => {
    const rows = await db.$queryRaw<Row[]>`
      SELECT w.id AS "trackId", r.reaction, a.*
      FROM unnest(${trackIds}::text[]) w (id)
      LEFT JOIN reaction r ON r.user_id = ${viewer?.userId ?? ''} AND r.track_id = w.id
      LEFT JOIN LATERAL (
        SELECT ${ALBUM}
        FROM album_track p JOIN album a ON a.id = p.album_id JOIN track_ref t ON t.id = p.track_id
        WHERE p.track_id = w.id AND ${seenBy(viewer)} AND ${albumSeenBy(viewer)}
        ORDER BY p.added_at, p.album_id LIMIT 1
      ) a ON TRUE`;
    const byTrack = new Map(rows.map(({ trackId, reaction, ...album }) => [trackId, { reaction, album }]));
    return trackIds.map((id) => {
      const { reaction = null, album = null } = byTrack.get(id) ?? {};
      return { album: album?.id ? album : null, reaction: viewer ? (reaction ?? 'NONE') : null };
    });
  });
}
