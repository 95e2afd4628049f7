import { moderationDecided } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { describeArtist } from '../artists/describe-artist.ts';
import type { Transaction } from '../database.ts';
import { lockOpenness, settleOpenness, settleOpennessOfArtist } from '../domain/settle-openness.ts';
import type { ModerationState } from '../generated/graphql.ts';
import type { ModerationCase } from '../models.ts';

export interface Decision {
  readonly state: ModerationState;
  /** Later than any decision about the thing before. */
  readonly at: Date;
}

/** Hides or shows a thing, and tells everybody who has a copy of it. What is gone stays gone. */
export async function applyDecision(
  tx: Transaction,
  { targetType, targetId, ownerId }: ModerationCase,
  { state, at }: Decision,
): Promise<void> {
  if (targetType === 'TRACK') await moderateTrack(tx, targetId, state);
  if (targetType === 'ARTIST') await moderateArtist(tx, targetId, state);
  if (ownerId === null) return;
  const decided = { targetType, targetId, ownerId, state, at: at.toISOString() };
  await tx.outbox.create({ data: outboxRow(moderationDecided, moderationDecided.data.parse(decided)) });
}

async function moderateTrack(tx: Transaction, id: string, moderation: ModerationState): Promise<void> {
  await lockOpenness(tx, [id]);
  await tx.track.updateMany({ where: { id }, data: { moderation } });
  await settleOpenness(tx, [id]);
}

/** The tracks of a page are seen no longer than the page itself. */
async function moderateArtist(tx: Transaction, id: string, moderation: ModerationState): Promise<void> {
  await tx.artist.updateMany({ where: { id }, data: { moderation } });
  await settleOpennessOfArtist(tx, id);
  await describeArtist(tx, id);
}
