import type { Viewer } from '@volna/platform/identity';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { NowPlaying } from '../models.ts';
import { mayPlay } from '../playable.ts';
import type { PlayableById } from './playable-by-id.ts';

/** A report may be late by this much, and a pause may be as long. */
const GRACE_MS = 30_000;
/** Nothing goes on for longer without a report. */
const LONGEST_MS = 24 * 60 * 60_000;

interface Sources {
  readonly db: Database;
  readonly viewer: Viewer | null;
  readonly playableById: PlayableById;
}

/** What users are playing, as far as the viewer may know: two queries for all of them. */
export function createNowPlaying({ db, viewer, playableById }: Sources) {
  return new DataLoader<string, NowPlaying | null>(
    async (userIds) => {
      const known = new Set(await findShown(db, userIds));
      if (viewer) known.add(viewer.userId);
      const rows = await db.listening.findMany({
        where: {
          userId: { in: userIds.filter((id) => known.has(id)) },
          playedAt: { gt: new Date(Date.now() - LONGEST_MS) },
        },
        distinct: ['userId'],
        orderBy: [{ userId: 'asc' }, { playedAt: 'desc' }, { id: 'desc' }],
      });
      const playing = new Map<string, NowPlaying>();
      for (const row of rows) {
        // oxlint-disable-next-line no-await-in-loop -- loaded together
        const track = await playableById.load(row.trackId);
        if (!track || row.ended || !mayPlay(track, viewer)) continue;
        const endsAt =
          row.lastAt.getTime() + Math.max(0, track.durationMs - (row.positionMs ?? row.playedMs)) + GRACE_MS;
        if (endsAt > Date.now()) playing.set(row.userId, row);
      }
      return userIds.map((id) => playing.get(id) ?? null);
    },
    // whoever follows it reads it anew
    { cache: false },
  );
}

export type NowPlayingOf = ReturnType<typeof createNowPlaying>;

async function findShown(db: Database, userIds: readonly string[]): Promise<string[]> {
  const where = { userId: { in: [...userIds] }, isShown: true, isPrivate: false };
  return (await db.listener.findMany({ where, select: { userId: true } })).map(({ userId }) => userId);
}
