import { TrackId, type UserId, waveMoved, WaveId, waveReacted } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { IndexedTrack, WaveItem } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { giveCredit, type Outcome } from '../wave/credit.ts';
import { explainRetuning } from '../wave/explain-retuning.ts';
import { Decision, type WaveState } from '../wave/state.ts';
import { noteListen } from './note-playback.ts';
import { noteReaction } from './note-reaction.ts';
import { WAVE_TRANSACTION } from './start-wave.ts';
import { clearQueue, extendWave, type ItemState, lockWave, type WaveSession } from './wave-session.ts';

export type FeedbackType =
  | 'STARTED'
  | 'FINISHED'
  | 'SKIPPED'
  | 'LIKED'
  | 'DISLIKED'
  | 'BLOCK_ARTIST'
  | 'NOT_NOW';

export interface Feedback {
  readonly waveId: string;
  readonly seq: number;
  readonly clientEventId: string;
  readonly type: FeedbackType;
  readonly positionMs: number | null;
}

const MAX_EVENT_ID = 200;
/** What becomes of the item; a reaction alone changes nothing about it. */
const ITEM_STATES: Readonly<Record<FeedbackType, ItemState | null>> = {
  STARTED: 'STARTED',
  FINISHED: 'FINISHED',
  SKIPPED: 'SKIPPED',
  LIKED: null,
  DISLIKED: 'SKIPPED',
  BLOCK_ARTIST: 'SKIPPED',
  NOT_NOW: 'SKIPPED',
};

/** Learns what became of an item. What is not played yet is picked anew when the listener turned one down. */
export async function takeFeedback(deps: Deps, userId: UserId, feedback: Feedback): Promise<void> {
  const waveId = WaveId.safeParse(feedback.waveId);
  if (!waveId.success) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
  if (feedback.clientEventId.length > MAX_EVENT_ID || (feedback.positionMs ?? 0) < 0) {
    throw new UserError('BAD_USER_INPUT', 'not an event of a player');
  }
  const isNews = await deps.db.$transaction((tx) => apply(deps, tx, userId, feedback), WAVE_TRANSACTION);
  if (!isNews) return;
  deps.wakeRelay();
  deps.bus.signal(waveMoved, { waveId: waveId.data });
}

/** Gives false for an event that was counted before. */
async function apply(deps: Deps, tx: Transaction, userId: UserId, feedback: Feedback): Promise<boolean> {
  const { waveId, seq, clientEventId, type, positionMs } = feedback;
  const session = await lockWave(tx, waveId, userId);
  if (!session) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
  const item = await tx.waveItem.findUnique({ where: { waveId_seq: { waveId, seq } } });
  if (!item) throw new UserError('NOT_FOUND', 'the wave has no such item', ['seq']);
  const data = { waveId, clientEventId, seq, type, positionMs };
  const { count } = await tx.waveFeedback.createMany({ data, skipDuplicates: true });
  if (count === 0) return false;

  const track = await tx.indexedTrack.findUnique({ where: { id: item.trackId } });
  await moveItem(tx, item, type);
  if (track) await noteTaste(tx, userId, track, type);
  const learned = { ...session, state: track ? await learn(session, item, track, feedback) : session.state };
  await keepCredit(tx, userId, learned.state);
  const next = await retune(learned, item, track, type);
  await extendWave(deps, next.session, next.avoid);
  return true;
}

/** Items before one that is played were passed over and are not waited for any more. */
async function moveItem(
  tx: Transaction,
  { waveId, seq, state }: WaveItem,
  type: FeedbackType,
): Promise<void> {
  const before = { waveId, seq: { lt: seq }, state: 'QUEUED' };
  await tx.waveItem.updateMany({ where: before, data: { state: 'PASSED' } });
  const next = ITEM_STATES[type];
  if (next === null || isOver(state)) return;
  await tx.waveItem.update({ where: { waveId_seq: { waveId, seq } }, data: { state: next } });
}

async function noteTaste(
  tx: Transaction,
  userId: UserId,
  track: IndexedTrack,
  type: FeedbackType,
): Promise<void> {
  const [trackId, at] = [TrackId.parse(track.id), new Date()];
  if (type === 'LIKED' || type === 'DISLIKED') {
    const reaction = {
      userId,
      trackId,
      reaction: type === 'LIKED' ? 'LIKE' : 'DISLIKE',
      at: at.toISOString(),
    } as const;
    await noteReaction(tx, reaction);
    await tx.outbox.create({ data: outboxRow(waveReacted, reaction) });
  }
  if (type === 'BLOCK_ARTIST') {
    await tx.blockedArtist.createMany({ data: { userId, artistId: track.artistId }, skipDuplicates: true });
  }
  if (type === 'STARTED' || type === 'FINISHED' || type === 'SKIPPED') {
    await noteListen(tx, { userId, trackId, at, finished: type === 'FINISHED', skipped: type === 'SKIPPED' });
  }
}

async function learn(
  session: WaveSession,
  item: WaveItem,
  track: IndexedTrack,
  feedback: Feedback,
): Promise<WaveState> {
  const outcome = toOutcome(feedback, track.durationMs);
  const wasTold =
    isOver(item.state) && (outcome === 'FINISHED' || outcome === 'SKIPPED' || outcome === 'SKIPPED_LATE');
  if (!outcome || wasTold) return session.state;
  const anchorIds = session.state.anchors.map(({ trackId }) => trackId);
  const rows = await session.tx.indexedTrack.findMany({
    where: { id: { in: anchorIds }, embeddingModel: track.embeddingModel },
    select: { id: true, embedding: true },
  });
  const vectors = new Map(rows.map(({ id, embedding }) => [id, embedding && decodeVector(embedding)]));
  const heard = {
    trackId: track.id,
    artistId: track.artistId,
    vector: track.embedding && decodeVector(track.embedding),
    reason: Decision.parse(item.reason),
  };
  return giveCredit(session.state, heard, outcome, (id) => vectors.get(id) ?? null);
}

function toOutcome({ type, positionMs }: Feedback, durationMs: number | null): Outcome | null {
  if (type === 'STARTED' || type === 'BLOCK_ARTIST') return null;
  const isLate =
    type === 'SKIPPED' && positionMs !== null && durationMs !== null && positionMs >= durationMs / 2;
  return isLate ? 'SKIPPED_LATE' : type;
}

/** What one wave has learned of the user's anchors serves the next. */
async function keepCredit(tx: Transaction, userId: string, { anchors }: WaveState): Promise<void> {
  await tx.$executeRaw`
    UPDATE taste_anchor a SET weight = w.weight
    FROM unnest(${anchors.map(({ trackId }) => trackId)}::text[], ${anchors.map(({ weight }) => weight)}::float8[])
      AS w(track_id, weight)
    WHERE a.user_id = ${userId} AND a.track_id = w.track_id`;
}

async function retune(session: WaveSession, item: WaveItem, track: IndexedTrack | null, type: FeedbackType) {
  if (type === 'STARTED' || type === 'FINISHED' || type === 'LIKED') return { session, avoid: null };
  const why = explainRetuning(type, track, Decision.parse(item.reason));
  const { next, ...cleared } = await clearQueue(session, why);
  return { session: cleared, avoid: next?.trackId ?? null };
}

const isOver = (state: string): boolean => state === 'FINISHED' || state === 'SKIPPED';
