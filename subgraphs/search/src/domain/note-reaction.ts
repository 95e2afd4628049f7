import type { DataOf, reactionSet } from '@volna/events';

import { markDue } from '../collaborative/mark-due.ts';
import type { Transaction } from '../database.ts';
import { heedReaction } from '../taste/heed-reaction.ts';
import { noteSignals } from './note-signal.ts';

/** Weights of a taste anchor before any feedback on what it recommended. */
export const ANCHOR_WEIGHT = { LIKED: 1, ADDED: 0.9, FINISHED: 0.8 } as const;

const KINDS = { LIKE: 'LIKED', DISLIKE: 'DISLIKED', NONE: 'UNLIKED' } as const;

/** Learns what a user feels about a track. Of two reactions the later stated one stands, however they arrive. */
export async function noteReaction(tx: Transaction, event: DataOf<typeof reactionSet>): Promise<void> {
  const { userId, trackId, reaction } = event;
  const at = new Date(event.at);
  const id = `reaction:${userId}:${trackId}:${event.at}`;
  await noteSignals(tx, [{ id, userId, trackId, kind: KINDS[reaction], source: 'ORGANIC', at }]);
  const changed = await tx.$executeRaw`
    INSERT INTO reaction (user_id, track_id, reaction, at) VALUES (${userId}, ${trackId}, ${reaction}, ${at})
    ON CONFLICT (user_id, track_id) DO UPDATE SET reaction = excluded.reaction, at = excluded.at
    WHERE reaction.at <= excluded.at`;
  if (changed === 0) return;
  await markDue(tx, trackId);
  await heedReaction(tx, event);
  const where = { userId_trackId: { userId, trackId } };
  if (reaction === 'LIKE') {
    const anchor = { source: 'LIKED', weight: ANCHOR_WEIGHT.LIKED, at };
    await tx.tasteAnchor.upsert({ where, create: { userId, trackId, ...anchor }, update: anchor });
  } else if (reaction === 'DISLIKE') {
    await tx.tasteAnchor.deleteMany({ where: { userId, trackId } });
  } else {
    await tx.tasteAnchor.deleteMany({ where: { userId, trackId, source: 'LIKED' } });
  }
}
