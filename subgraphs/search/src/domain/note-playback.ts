import type { DataOf, playbackReported } from '@volna/events';

import { markDue } from '../collaborative/mark-due.ts';
import type { Transaction } from '../database.ts';
import { countListener } from '../shelves/count-listener.ts';
import { notePopularity } from '../texts/note-popularity.ts';
import { signalOfSkip } from '../wave/signals.ts';
import { isEndOfPlay } from './is-end-of-play.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';
import { noteSignals } from './note-signal.ts';

/** Learns from what a player reported: what was heard when, how popular it is, what is to a user's taste. */
export async function notePlayback(tx: Transaction, event: DataOf<typeof playbackReported>): Promise<void> {
  if (event.event === 'PROGRESS') return;
  const { userId, trackId } = event;
  const at = new Date(event.at);
  const known = await tx.indexedTrack.findUnique({ where: { id: trackId }, select: { artistId: true } });
  if (!known) return;
  const isPlay = isEndOfPlay(event);
  // counted, and nothing is learned of who it was
  if (event.isPrivate) return isPlay ? countPlay(tx, trackId, known.artistId) : undefined;
  await noteListen(tx, {
    userId,
    trackId,
    at,
    finished: event.event === 'FINISHED',
    skipped: event.event === 'SKIPPED',
  });
  // a player that follows a wave tells the wave as well
  if (event.source !== 'WAVE') await noteHeard(tx, event);
  if (!isPlay) return;
  await countListener(tx, userId, trackId, at);
  await countPlay(tx, trackId, known.artistId);
}

async function noteHeard(tx: Transaction, event: DataOf<typeof playbackReported>): Promise<void> {
  const { userId, trackId, source, positionMs, durationMs, at } = event;
  if (event.event === 'PROGRESS') return;
  const kind = event.event === 'SKIPPED' ? signalOfSkip(positionMs, durationMs) : event.event;
  const id = `playback:${userId}:${trackId}:${event.event}:${at}`;
  await noteSignals(tx, [{ id, userId, trackId, kind, source, at: new Date(at) }]);
}

export interface Heard {
  readonly userId: string;
  readonly trackId: string;
  readonly at: Date;
  readonly finished: boolean;
  readonly skipped: boolean;
}

/** A track that a user heard to its end is to their taste unless they say otherwise. */
export async function noteListen(
  tx: Transaction,
  { userId, trackId, at, finished, skipped }: Heard,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO listen (user_id, track_id, last_at, finishes, skips)
    VALUES (${userId}, ${trackId}, ${at}, ${finished ? 1 : 0}, ${skipped ? 1 : 0})
    ON CONFLICT (user_id, track_id) DO UPDATE SET
      last_at = greatest(listen.last_at, excluded.last_at),
      finishes = listen.finishes + excluded.finishes,
      skips = listen.skips + excluded.skips`;
  if (!finished) return;
  await markDue(tx, trackId);
  const reaction = await tx.reaction.findUnique({ where: { userId_trackId: { userId, trackId } } });
  if (reaction?.reaction === 'DISLIKE') return;
  await tx.tasteAnchor.createMany({
    data: { userId, trackId, source: 'FINISHED', weight: ANCHOR_WEIGHT.FINISHED, at },
    skipDuplicates: true,
  });
}

async function countPlay(tx: Transaction, trackId: string, artistId: string): Promise<void> {
  await tx.indexedTrack.updateMany({ where: { id: trackId }, data: { plays: { increment: 1 } } });
  const played = await tx.$queryRaw<{ id: string }[]>`
    UPDATE search_entry SET plays = plays + 1
    WHERE id IN (${trackId}, ${artistId})
      OR id IN (SELECT album_id FROM album_tracks WHERE track_ids @> ARRAY[${trackId}])
    RETURNING id`;
  await notePopularity(
    tx,
    played.map(({ id }) => id),
  );
}
