import { reactionSet, TrackId, UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { Reaction, SetReactionInput } from '../generated/graphql.ts';
import type { Track } from '../models.ts';
import type { Tx } from '../transaction.ts';
import { findTracks } from './find-tracks.ts';

/** Keeps what the caller feels about a track; the same word again changes nothing. */
export async function setReaction(context: Context, input: SetReactionInput): Promise<{ track: Track }> {
  const { userId } = context.requireViewer();
  const track = (await findTracks(context, [input.trackId])).get(input.trackId);
  if (!track) throw new UserError('NOT_FOUND', 'no such track', ['trackId']);
  await context.db.$transaction((tx) => storeReaction(tx, userId, track.id, input.reaction, new Date()));
  context.forget();
  context.wakeRelay();
  return { track: { id: track.id } };
}

/** Stores a reaction that is newer than what is known, and states it. */
export async function storeReaction(
  tx: Pick<Tx, 'reaction' | 'outbox'>,
  userId: string,
  trackId: string,
  reaction: Reaction,
  at: Date,
): Promise<void> {
  const where = { userId_trackId: { userId, trackId } };
  const known = await tx.reaction.findUnique({ where });
  if (known ? known.reaction === reaction || known.at > at : reaction === 'NONE') return;
  if (reaction === 'NONE') await tx.reaction.deleteMany({ where: { userId, trackId } });
  else
    await tx.reaction.upsert({ where, create: { userId, trackId, reaction, at }, update: { reaction, at } });
  const fact = {
    userId: UserId.parse(userId),
    trackId: TrackId.parse(trackId),
    reaction,
    at: at.toISOString(),
  };
  await tx.outbox.create({ data: outboxRow(reactionSet, fact) });
}
