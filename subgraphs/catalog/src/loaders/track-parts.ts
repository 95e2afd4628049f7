import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { duplicatesOf } from '../duplicates/find-duplicates.ts';
import type { AuthenticityReview, TrackLyrics } from '../generated/prisma/client.ts';
import type { DuplicateProposal } from '../models.ts';

export interface TrackPartLoaders {
  readonly lyricsByTrack: DataLoader<string, TrackLyrics | null>;
  /** What was said of the estimate of synthetic speech. */
  readonly reviewByTrack: DataLoader<string, AuthenticityReview | null>;
  /** Open proposals that the viewer may see. */
  readonly duplicatesByTrack: DataLoader<string, DuplicateProposal[]>;
}

/** What few lists of tracks ask for. */
export function createTrackPartLoaders(db: Database, viewer: Viewer | null): TrackPartLoaders {
  return {
    lyricsByTrack: new DataLoader(async (trackIds) => {
      const rows = await db.trackLyrics.findMany({ where: { trackId: { in: [...trackIds] } } });
      const byTrack = new Map(rows.map((row) => [row.trackId, row]));
      return trackIds.map((id) => byTrack.get(id) ?? null);
    }),
    reviewByTrack: new DataLoader(async (trackIds) => {
      const rows = await db.authenticityReview.findMany({ where: { trackId: { in: [...trackIds] } } });
      const byTrack = new Map(rows.map((row) => [row.trackId, row]));
      return trackIds.map((id) => byTrack.get(id) ?? null);
    }),
    duplicatesByTrack: new DataLoader(async (trackIds) => {
      const rows = viewer ? await duplicatesOf(db, viewer, trackIds) : [];
      return trackIds.map((id) => rows.filter(({ trackId, otherId }) => trackId === id || otherId === id));
    }),
  };
}
