import type { Gapless, Lossless, Rendition } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import type { z } from 'zod';

import type { PlayableTrack as Row } from './generated/prisma/client.ts';

/** A track whose renditions are stored. */
export interface Playable {
  readonly id: string;
  readonly ownerId: string;
  /** Every listener may hear it. */
  readonly isOpen: boolean;
  /** The track that is played in its place. */
  readonly mergedIntoId: string | null;
  /** Moderators have taken it down. */
  readonly isTakenDown: boolean;
  readonly hlsPrefix: string;
  readonly renditions: readonly z.infer<typeof Rendition>[];
  /** More renditions are in work, and those that there are may yet be taken back. */
  readonly isGrowing: boolean;
  /** The rendition that has lost nothing, where there is one. */
  readonly lossless: z.infer<typeof Lossless> | null;
  /** Null, as the next two, for what was transcoded before they were measured. */
  readonly gapless: z.infer<typeof Gapless> | null;
  readonly loudnessLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly originalKey: string;
  readonly originalName: string;
  readonly originalBytes: number;
  readonly durationMs: number;
}

/** The row as something to play, or null where its renditions are not stored or it is deleted. */
export function toPlayable(row: Row): Playable | null {
  const { id, ownerId, isOpen, mergedIntoId, deleted, hlsPrefix, originalKey } = row;
  if (deleted || hlsPrefix === null || originalKey === null) return null;
  return {
    id,
    ownerId,
    isOpen,
    mergedIntoId,
    isTakenDown: row.moderation === 'TAKEN_DOWN',
    hlsPrefix,
    originalKey,
    renditions: row.renditions as unknown as Playable['renditions'],
    isGrowing: row.isGrowing,
    lossless: row.lossless as unknown as Playable['lossless'],
    gapless: row.gapless as unknown as Playable['gapless'],
    loudnessLufs: row.loudnessLufs,
    truePeakDbtp: row.truePeakDbtp,
    originalName: row.originalName ?? id,
    originalBytes: Number(row.originalBytes),
    durationMs: row.durationMs ?? 0,
  };
}

/** Open tracks are everybody's; another one is its owner's and an ADMIN's; one that is taken down is nobody's. */
export function mayPlay(track: Playable, viewer: Viewer | null): boolean {
  return !track.isTakenDown && (track.isOpen || mayPlayClosed(track, viewer));
}

/** Whether the viewer hears it while others may not. */
export function mayPlayClosed(track: Playable, viewer: Viewer | null): boolean {
  return isOwner(track, viewer) || (viewer?.roles.includes('ADMIN') ?? false);
}

export function isOwner(track: Playable, viewer: Viewer | null): boolean {
  return viewer?.userId === track.ownerId;
}
